import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { NotRunnable } from './not-runnable.mjs';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));
const wanted = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).dependencies;

/** The other libraries we measure against; installed, outside the workspace, by the first bench that asks for them. */
export function peers(progress) {
  if (!installed()) install(progress);
  return { versions: wanted, require: createRequire(`${folder}package.json`) };
}

function installed() {
  return Object.entries(wanted).every(([name, version]) => {
    const path = `${folder}node_modules/${name}/package.json`;
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version === version;
  });
}

function install(progress) {
  progress('installing the peers (npm ci in tools/bench/peers)');
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
  } catch (error) {
    const output = String(error.stderr ?? error.message)
      .trim()
      .split('\n');
    const cause = output.find((line) => /^npm (error|ERR!)/.test(line)) ?? output[0];
    throw new NotRunnable(
      `the peers could not be installed (${cause}): run npm ci in tools/bench/peers where the npm registry can be reached`,
    );
  }
}
