import { randomBytes } from 'node:crypto';
import { chmodSync, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import type { Client } from 'pg';
import { uuid7 } from '#platform/ids';
import { signCheckpoint } from '#register/checkpoint';
import { makeEntry, SALT_OCTETS } from '#register/entry';
import { append, cover } from '#register/merkle';

export interface Preload {
  owner: Client;
  /** A folder that the server may read. */
  folder: string;
  /** Entries in each of these controllers' logs. */
  controllers: readonly string[];
  each: number;
  checkpointKey: { privateKey: KeyObject; publicKey: KeyObject };
}

/** Leaves hashed into the tree at a time: what the relay does, in larger steps. */
const STEP = 20_000;
/** A share leaves about so many entries in a register. */
const ABOUT_ONE = 5;

/**
 * Fills registers as years of use would, by COPY: real entries, and the tree that the relay would have built over them, with its last
 * checkpoint. The relay must not be running.
 */
export async function preload({ owner, folder, controllers, each, checkpointKey }: Preload): Promise<void> {
  for (const controller of controllers) {
    const { rows } = await owner.query<{ origin: string; size: string }>('select origin, size from waybill.log where controller = $1', [controller]);
    const [log] = rows;
    if (!log) throw new Error(`no log of ${controller}`);
    const nodes = new Map<string, Buffer>();
    const start = Number(log.size);
    // What stands already: the edge on which the tree goes on.
    for (const { level, index } of cover({ from: 0, to: start })) {
      const found = await owner.query<{ hash: Buffer }>(level === 0 ? 'select hash from waybill.leaf where controller = $1 and index = $2' : `select hash from waybill.node where controller = $1 and index = $2 and level = ${level}`, [controller, index]);
      nodes.set(`${level} ${index}`, found.rows[0]?.hash as Buffer);
    }
    const files = { entry: open(folder, 'entry'), leaf: open(folder, 'leaf'), node: open(folder, 'node') };
    let size = start;
    let root = Buffer.alloc(0);
    while (size < start + each) {
      const at = new Date();
      const entries = Array.from({ length: Math.min(STEP, start + each - size) }, () =>
        makeEntry('party-changed', { id: uuid7(at.getTime()), controller, at, salt: randomBytes(SALT_OCTETS) }, { agency: controller, change: 'contact-added', on: '2026-01-01' }));
      await write(files.entry, entries.map(({ id, kind, disposal, octets, leaf }, i) => [id, controller, kind, disposal, at.toISOString(), hex(octets), hex(leaf), entries[i - (i % ABOUT_ONE)]?.id ?? id]));
      await write(files.leaf, entries.map(({ id, leaf }, i) => [controller, size + i, id, hex(leaf)]));
      const grown = await append(size, entries.map(({ leaf }) => leaf), (level, index) => {
        const hash = nodes.get(`${level} ${index}`);
        if (!hash) throw new Error(`no node ${level}/${index}`);
        return hash;
      });
      await write(files.node, grown.nodes.map(({ level, index, hash }) => [controller, level, index, hex(hash)]));
      for (const { level, index, hash } of grown.nodes) nodes.set(`${level} ${index}`, hash);
      entries.forEach(({ leaf }, i) => nodes.set(`0 ${size + i}`, leaf));
      size = grown.size;
      root = Buffer.from(grown.root);
      forgetBefore(nodes, size);
    }
    for (const [name, file] of Object.entries(files)) {
      file.end();
      await once(file, 'close');
      await owner.query(`copy waybill.${name} (${COLUMNS[name as keyof typeof COLUMNS]}) from '${join(folder, name)}'`);
    }
    await owner.query('insert into waybill.checkpoint (controller, size, root, note, at) values ($1, $2, $3, $4, now())', [controller, size, root, signCheckpoint({ origin: log.origin, size, root }, checkpointKey)]);
    await owner.query('update waybill.log set size = $2 where controller = $1', [controller, size]);
  }
  await owner.query('vacuum analyze');
}

const COLUMNS = { entry: 'id, controller, kind, disposal_class, at, octets, leaf, about', leaf: 'controller, index, entry, hash', node: 'controller, level, index, hash' };

function open(folder: string, name: string): WriteStream {
  const file = createWriteStream(join(folder, name), { mode: 0o644 });
  file.once('open', () => chmodSync(join(folder, name), 0o644));
  return file;
}

/** PostgreSQL's text format of COPY: none of our values has a tab, a line's end or a backslash but hexadecimal octets' own. */
async function write(file: WriteStream, rows: readonly (string | number)[][]): Promise<void> {
  if (!file.write(rows.map((row) => `${row.join('\t')}\n`).join(''))) await once(file, 'drain');
}

const hex = (octets: Buffer): string => `\\\\x${octets.toString('hex')}`;

/** Only the edge of a tree is ever read again. */
function forgetBefore(nodes: Map<string, Buffer>, size: number): void {
  const edge = new Set(cover({ from: 0, to: size }).map(({ level, index }) => `${level} ${index}`));
  for (const name of nodes.keys()) if (!edge.has(name)) nodes.delete(name);
}
