// What a score at or over a cut-off means, in people: the twin of domain/base_rates.py.
// Pure and in whole numbers, so that both round alike.

const shareParts = 10000; // a share is counted in ten-thousandths

// How many of 100 people over the line have it, if `of100` of 100 people around do.
function whoHaveIt(of100, found, cleared) {
  const rightly = of100 * found;
  const overTheLine = rightly + (100 - of100) * (shareParts - cleared);
  if (overTheLine === 0) return null;
  return Math.floor((200 * rightly + overTheLine) / (2 * overTheLine));
}
