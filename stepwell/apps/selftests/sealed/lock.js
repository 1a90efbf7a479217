// Locks text with a passphrase and opens it again (docs/reference/own-file.md): the key comes
// from PBKDF2 over SHA-256, the text goes through AES-GCM with 256 bits, which also notices any
// change. Browsers give these tools to secure addresses only (https, or this very machine).

const lockedFormat = "locked-file";
const rounds = 600000; // the least that is accepted when reading, too
const mostRounds = 10000000; // a made-up file must not keep the page busy for hours

const canLock = () => Boolean(globalThis.crypto && crypto.subtle);
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const isLocked = (content) => isTable(content) && content.format === lockedFormat;

async function keyFrom(passphrase, salt, iterations) {
  const typed = new TextEncoder().encode(passphrase.normalize("NFC"));
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const kind = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, kind, false, ["encrypt", "decrypt"]);
}

async function lockText(text, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyFrom(passphrase, salt, rounds);
  const plain = new TextEncoder().encode(text);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  return {
    format: lockedFormat,
    version: 1,
    kdf: { name: "PBKDF2", hash: "SHA-256", iterations: rounds, salt: toBase64(salt) },
    cipher: { name: "AES-GCM", length: 256, iv: toBase64(iv) },
    data: toBase64(new Uint8Array(data)),
  };
}

// Returns the bytes of an envelope; throws UnreadableFile where it is not whole.
function readEnvelope({ version, kdf, cipher, data }) {
  try {
    const known = version === 1 && kdf.name === "PBKDF2" && kdf.hash === "SHA-256";
    const { iterations } = kdf;
    const isSafe = Number.isInteger(iterations) && iterations >= rounds && iterations <= mostRounds;
    const bytes = { salt: fromBase64(kdf.salt), iv: fromBase64(cipher.iv), data: fromBase64(data) };
    if (known && isSafe && cipher.name === "AES-GCM" && bytes.iv.length === 12) {
      return { iterations, ...bytes };
    }
  } catch {
    // a part is missing or no base64: said below
  }
  throw new UnreadableFile("This file is locked in a way that this page does not know.");
}

async function openLocked(envelope, passphrase) {
  const { salt, iterations, iv, data } = readEnvelope(envelope);
  const key = await keyFrom(passphrase, salt, iterations);
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    return new TextDecoder().decode(plain);
  } catch {
    throw new UnreadableFile("This passphrase does not open the file, or the file is damaged.");
  }
}
