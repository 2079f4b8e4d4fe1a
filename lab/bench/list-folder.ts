// One listing of a folder, page by page, in a process of its own: prints how many entries it met.
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { LabError } from '../lab-error.ts';
import { readLabState } from '../state.ts';

const [folder] = process.argv.slice(2);
const lab = readLabState();
if (folder === undefined || lab === undefined) throw new LabError('usage: list-folder <folder>, with the lab up');

const files = createWebHdfs({ cluster: 'a', urls: [lab.clusters.a.webhdfs], user: 'root' });
const pages = await files.list(folder);
if (pages === undefined) throw new LabError(`${folder} is not there`);
let entries = 0;
for await (const page of pages) entries += page.length;
await files.close();
process.stdout.write(`${entries}\n`);
