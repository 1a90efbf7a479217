// Opens a page, types a canary, leaves, goes back; prints what could still be seen, as JSON.
// Usage: node leave.mjs FIREFOX BASE_URL CANARY with|without
// Waits are polls from outside: with scripts off, nothing inside the page can wait.
import puppeteer from "puppeteer-core";

const [firefox, base, canary, scripts] = process.argv.slice(2);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  extraPrefsFirefox: { "javascript.enabled": scripts === "with" },
});
const page = await browser.newPage();

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const until = async (wanted) => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await wanted().catch(() => false)) return;
    await pause(200);
  }
  throw new Error(`waited in vain at ${page.url()}`);
};

const look = async () => {
  const [url, content, values] = await page.evaluate(() => [
    location.href,
    document.documentElement.outerHTML,
    [...document.querySelectorAll("input")].map((field) => field.value),
  ]);
  return { url, seen: JSON.stringify([content, values]).includes(canary) };
};

const travel = async (step) => {
  page.evaluate((by) => history.go(by), step).catch(() => {});
  await pause(2500);
  return look();
};

try {
  await page.goto(`${base}/about/`);
  await page.goto(`${base}/find/`);
  await page.focus("#place");
  await page.keyboard.type(canary);
  await until(() => page.$eval("#place", (field, text) => field.value === text, canary));
  const before = await page.evaluate(() => history.length);
  await page.focus('a[href="/exit/"]');
  await page.keyboard.press("Enter");
  await until(() => page.evaluate(() => location.pathname === "/robots.txt"));
  const after = await page.evaluate(() => history.length);
  const back = await travel(-1);
  const forward = await travel(1);
  const reload = await travel(0);
  const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
  console.log(JSON.stringify({ before, after, back, forward, reload, kept }));
} finally {
  await browser.close();
}
