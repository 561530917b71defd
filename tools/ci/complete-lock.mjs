/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out.
 *
 * npm drops an optional package from the lock when the registry it asked does not carry it, and
 * `npm ci` then refuses the lock ("Missing: @swc/core-darwin-arm64@ from lock file") on every machine.
 * Run it after each change of dependencies: `npm run lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const CPUS = ['arm64', 'x64', 'ia32', 'arm', 'loong64', 'ppc64', 'riscv64', 's390x'];
const SYSTEMS = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openbsd', 'openharmony'];

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} name a package name that ends in its platform, such as `@swc/core-linux-x64-musl` */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const cpu = CPUS.find((word) => words.includes(word));
  const os = SYSTEMS.find((word) => words.includes(word));
  if (cpu === undefined || os === undefined) {
    throw new Error(`${name} is missing from package-lock.json and its name does not tell its platform`);
  }
  const libc = words.at(-1)?.startsWith('musl') ? 'musl' : 'glibc';
  return { cpu: [cpu], os: [os], ...(os === 'linux' && { libc: [libc] }) };
}

/** The places where Node would look for `name` from `location`, nearest first. */
function* placesOf(name, location) {
  for (let at = location; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    yield `${at}/node_modules/${name}`;
  }
  yield `node_modules/${name}`;
}

const added = [];
for (const [location, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isExact = /^\d/.test(version); // packages of a platform are always asked for by an exact version
    const found = [...placesOf(name, location)].map((place) => lock.packages[place]).filter(Boolean);
    if (found.some((other) => !isExact || other.version === version)) continue;
    if (!isExact)
      throw new Error(`${name}@${version} is missing from package-lock.json: of what version is unknown`);
    const dev = entry.dev === true ? { dev: true } : {};
    const place = found.length === 0 ? `node_modules/${name}` : `${location}/node_modules/${name}`;
    lock.packages[place] = { version, ...dev, optional: true, ...platformOf(name) };
    added.push(`${name}@${version}`);
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.join(', ')}`);
