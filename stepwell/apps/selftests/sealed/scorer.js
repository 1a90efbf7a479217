// The published arithmetic, from the same data as the Python scorer (domain/instruments.py).
// Pure: nothing here touches the page. `answers` maps item ids to points.

function alertsOf(instrument, answers) {
  return instrument.alerts
    .filter((alert) => answers[alert.item] !== undefined && answers[alert.item] >= alert.at_least)
    .map((alert) => alert.kind);
}

function gapsOf(instrument, answers) {
  return instrument.items
    .filter((item) => item.scored && answers[item.id] === undefined)
    .map((item) => item.id);
}

function bandOf(scale, points) {
  const band = scale.bands.find((one) => one.lowest <= points && points <= one.highest);
  return band ? band.id : null;
}

// Returns {scales, alerts}, or {gap} or {impossible}: the first item, in the form's order,
// that has no answer or one that is not on the form.
function scoreResponse(instrument, answers) {
  for (const item of instrument.items) {
    const value = answers[item.id];
    if (value === undefined) {
      if (item.scored) return { gap: item.id };
    } else if (!item.values.includes(value)) {
      return { impossible: item.id };
    }
  }
  const scales = instrument.scales.map((scale) => {
    const points = scale.items.reduce((sum, id) => sum + answers[id], 0);
    return { scale: scale.id, points, band: bandOf(scale, points) };
  });
  return { scales, alerts: alertsOf(instrument, answers) };
}
