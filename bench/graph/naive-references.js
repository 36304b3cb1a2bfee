/**
 * References as a first attempt finds them: ts-morph's `findReferences` for one symbol after the other. All of them would
 * take minutes, so some are asked, evenly spread, and the rest is extrapolated. Prints CPU seconds as JSON.
 */
import process from 'node:process';
import { Node, Project } from 'ts-morph';

const [folder = '.', samples = '60'] = process.argv.slice(2);

const loadedFrom = process.cpuUsage();
const project = new Project({ tsConfigFilePath: `${folder}/tsconfig.json` });
const symbols = project
  .getSourceFiles()
  .flatMap((file) =>
    file
      .getDescendants()
      .filter(
        (node) =>
          Node.isFunctionDeclaration(node) ||
          Node.isClassDeclaration(node) ||
          Node.isMethodDeclaration(node) ||
          Node.isInterfaceDeclaration(node),
      ),
  );
const loadSeconds = secondsSince(loadedFrom);
const step = Math.max(1, Math.floor(symbols.length / Number(samples)));
const asked = symbols.filter((_, index) => index % step === 0);
// The first question makes the program and its checker: once, however many follow.
const preparedFrom = process.cpuUsage();
asked[0]?.findReferences();
const prepareSeconds = secondsSince(preparedFrom);
const askedFrom = process.cpuUsage();
for (const symbol of asked) symbol.findReferences();
const askedSeconds = secondsSince(askedFrom);
const cpuSeconds = loadSeconds + prepareSeconds + (askedSeconds / Math.max(1, asked.length)) * symbols.length;
console.log(JSON.stringify({ cpuSeconds, asked: asked.length, symbols: symbols.length }));

/** @param {NodeJS.CpuUsage} from */
function secondsSince(from) {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}
