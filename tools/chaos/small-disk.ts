import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIZE = '16m';

/** A folder for a spool, on a disk of its own that can be filled where this process may make one. */
export class SmallDisk {
  private constructor(
    private readonly mount: string,
    /** Whether it can be filled. */
    readonly isOwn: boolean,
  ) {}

  static open(mount: string): SmallDisk {
    mkdirSync(mount, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', mount], { stdio: 'ignore' });
      return new SmallDisk(mount, true);
    } catch {
      return new SmallDisk(mount, false);
    }
  }

  get spoolDir(): string {
    return join(this.mount, 'spool');
  }

  /** Not a byte is left. */
  fill(): void {
    for (let block = 1 << 20; block >= 1; block >>= 1) {
      try {
        for (;;) writeFileSync(this.#filler, Buffer.alloc(block), { flag: 'a' });
      } catch {
        // A smaller block may still find room.
      }
    }
  }

  clear(): void {
    rmSync(this.#filler, { force: true });
  }

  close(): void {
    if (this.isOwn) execFileSync('umount', ['-l', this.mount], { stdio: 'ignore' });
  }

  get #filler(): string {
    return join(this.mount, 'filler');
  }
}
