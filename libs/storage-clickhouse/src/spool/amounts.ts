const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** So many bytes for people: `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/** So many batches for people: `1 batch`, `2 batches`. */
export function batchesText(batches: number): string {
  return batches === 1 ? '1 batch' : `${batches} batches`;
}
