import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const NEWLINE = '\n';
/** Larger chunks make fewer turns of the event loop. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Streams the lines of a text file, plain, `.gz` or `.xz`, holding little more than one line of it.
 * Each item is the lines of one chunk.
 */
export async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = '';
  for await (const chunk of await openBytes(path)) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split(NEWLINE);
    begun = lines.pop() ?? '';
    yield lines;
  }
  begun += decoder.decode();
  if (begun !== '') yield [begun];
}

async function openBytes(path: string): Promise<AsyncIterable<Uint8Array>> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (path.endsWith('.gz')) return gunzip(file);
  return path.endsWith('.xz') ? unxz(file) : file;
}

/** A failure of the file passes on to whoever reads. */
function gunzip(file: Readable): AsyncIterable<Uint8Array> {
  const gunzipped = file.pipe(createGunzip({ chunkSize: CHUNK_BYTES }));
  file.on('error', (error) => gunzipped.destroy(error));
  gunzipped.on('close', () => file.destroy());
  return gunzipped;
}

/** Loaded when needed, as it is WebAssembly; loaders differ in where they put what a CommonJS module exports. */
async function unxz(file: Readable): Promise<AsyncIterable<Uint8Array>> {
  const loaded = await import('xz-decompress');
  const { XzReadableStream } = { ...loaded.default, ...loaded };
  const decoded = Readable.fromWeb(new XzReadableStream(Readable.toWeb(file)));
  decoded.on('close', () => file.destroy());
  return decoded;
}
