/**
 * One cold index of the folder given, the way the product does it but for the database; prints what it found as JSON.
 * graph.js measures it.
 */
import process from 'node:process';
import { z } from 'zod';
import { indexFolder } from './index-folder.js';

const [folder = '.', engine = 'auto'] = process.argv.slice(2);
const { files, nodes, edges } = await indexFolder(folder, z.enum(['auto', 'ts-morph', 'ts7']).parse(engine));
const typed = files.filter((file) => file.state === 'typed').length;
console.log(JSON.stringify({ files: files.length, typed, nodes: nodes.count, edges: edges.count }));
