/**
 * Lints pieces of code as if each were the content of a file of the workspace. Reads `[{ file, code }]` as JSON
 * from standard input and prints, for each, the list of its messages `[{ ruleId, message }]`.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));
await createProjectGraphAsync({ exitOnError: false }); // the rules of @nx read the graph that this leaves in .nx

const eslint = new ESLint({ cwd: root });
const results = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: `${root}${file}` });
  results.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
}
console.log(JSON.stringify(results));
process.exit(0);
