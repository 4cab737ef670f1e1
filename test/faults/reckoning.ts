import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Database } from '#platform/database';
import { hostOf, originOf } from '#register/checkpoint';
import { verifyExport } from '#register/export-verification';
import { Register } from '#register/register';
import { vkeyOf } from '#register/vkey';
import type { Receipt } from '#protocol/answers';
import { pause } from './figures';
import type { House } from './house';
import { ORPHANS, OF_SHARES, WAITING } from './reckoning-rows';
import { receiptsOf, type Sent } from './submitters';

/** What a reckoning came to. `findings` is empty, or something is lost, twice, or left over. */
export interface Reckoned {
  findings: string[];
  shares: number;
  transfers: number;
  entries: number;
}

export interface Reckoning {
  /** How long things may take to settle. */
  patienceMs?: number;
  /** The state in which every transfer must have ended up; absent: whichever. */
  state?: 'available';
}

/** Findings of one kind that are told one by one. */
const TOLD = 5;

/**
 * The oracle of all fault rows: waits until nothing moves any more, and then compares what was answered with what stands. Every share that was
 * answered 202 stands once with the receipt that was given; every share that stands was answered; each has exactly its transfers, entries,
 * events and duties; no row hangs on nothing; nothing waits; every register verifies, by two implementations.
 */
export async function reckon(house: House, sent: Sent, { patienceMs = 60_000, state = 'available' }: Reckoning = {}): Promise<Reckoned> {
  const { owner } = house;
  const findings: string[] = [...sent.refused.map((each) => `refused: ${each}`), ...(await settled(owner, patienceMs))];
  const tell = (what: string, rows: readonly unknown[]): void => {
    for (const row of rows.slice(0, TOLD)) findings.push(`${what}: ${typeof row === 'string' ? row : JSON.stringify(row)}`);
    if (rows.length > TOLD) findings.push(`${what}: and ${rows.length - TOLD} more`);
  };
  const receipts = receiptsOf(sent);
  tell('answered differently when asked again', [...sent.receipts].filter(([, texts]) => new Set(texts).size > 1).map(([share]) => share));

  const stored = new Map((await owner.query<{ id: string; receipt: string }>('select id, receipt from waybill.share where sender = $1', [sent.sender])).rows.map(({ id, receipt }) => [id, receipt]));
  tell('lost: answered 202 and not there', [...receipts.keys()].filter((share) => !stored.has(share)));
  tell('extra: there and never answered', [...stored.keys()].filter((share) => !receipts.has(share)));
  tell('not the receipt that was given', [...sent.receipts].filter(([share, [text]]) => stored.has(share) && JSON.stringify(JSON.parse(text as string)) !== stored.get(share)).map(([share]) => share));
  tell('transfers are not those of the receipt', await strayTransfers(owner, sent.sender, receipts));
  for (const [what, sql] of Object.entries(OF_SHARES)) tell(what, (await owner.query(sql, [[...receipts.keys()], state])).rows);
  for (const [what, sql] of Object.entries(ORPHANS)) tell(what, (await owner.query(sql)).rows);
  const keys = (await owner.query<{ key: string }>('select key from waybill.idempotency where agency = $1 and status = 202', [sent.sender])).rows.map(({ key }) => key);
  const answered = [...sent.keys].filter(([share]) => receipts.has(share)).map(([, key]) => key);
  tell('an Idempotency-Key that is not kept', answered.filter((key) => !keys.includes(key)));
  tell('spooled ciphertext left over', readdirSync(house.folder).filter((each) => each.startsWith('spool-')).flatMap((each) => readdirSync(join(house.folder, each))));
  tell('register', await registers(house));
  const { rows } = await owner.query<{ transfers: number; entries: number }>('select (select count(*) from waybill.transfer)::int as transfers, (select count(*) from waybill.leaf)::int as entries');
  return { findings, shares: stored.size, transfers: rows[0]?.transfers ?? 0, entries: rows[0]?.entries ?? 0 };
}

/** Waits until nothing waits: what still does then is a finding. */
export async function settled(owner: Pool, patienceMs: number): Promise<string[]> {
  for (const until = Date.now() + patienceMs; ; await pause(200)) {
    const { rows } = await owner.query<Record<string, number>>(WAITING);
    const waiting = Object.entries(rows[0] ?? {}).filter(([, count]) => count > 0);
    if (waiting.length === 0) return [];
    if (Date.now() > until) return waiting.map(([what, count]) => `still waiting: ${count} ${what}`);
  }
}

async function strayTransfers(owner: Pool, sender: string, receipts: ReadonlyMap<string, Receipt>): Promise<string[]> {
  const { rows } = await owner.query<{ share: string; transfers: string[] }>('select share, array_agg(id::text order by id) as transfers from waybill.transfer where sender = $1 group by share', [sender]);
  const stands = new Map(rows.map(({ share, transfers }) => [share, transfers.join()]));
  return [...receipts].filter(([share, receipt]) => stands.get(share) !== receipt.transfers.map(({ transfer }) => transfer).sort().join()).map(([share]) => share);
}

/** Every controller's register, exported as its controller would and checked by our own verifier and by the one that shares no code with it. */
async function registers({ database, origin, checkpointKey, owner }: House): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'reckoning-'));
  const reader = await Database.open('gateway', { host: database.host, port: 5432, database: database.database });
  const found: string[] = [];
  try {
    const { rows } = await owner.query<{ controller: string; size: string; leaves: number }>(
      'select controller, size, (select count(*) from waybill.leaf l where l.controller = g.controller)::int as leaves from waybill.log g');
    for (const { controller, size, leaves } of rows) {
      if (Number(size) !== leaves) found.push(`${controller}: ${size} entries by its log, ${leaves} leaves`);
      if (leaves === 0) continue;
      const vkey = vkeyOf(originOf(hostOf(origin), controller), checkpointKey);
      const lines: string[] = [];
      await reader.as({ agency: controller, controller }, async (tx) => {
        for await (const line of new Register().exportLog(tx, { controller, vkeys: [vkey] } as never)) lines.push(String(line));
      });
      const ours = await verifyExport((async function* () { yield* lines; })(), { vkeys: vkey });
      if (!ours.holds || ours.size !== leaves) found.push(`${controller}: ${ours.size} of ${leaves} entries, ${JSON.stringify(ours.first)}`);
      const file = join(folder, `${controller}.ndjson`);
      writeFileSync(file, lines.join(''));
      const theirs = await python(['export', file, '--vkey', vkey, '--json']);
      if (theirs.verdict !== 'holds' || theirs.size !== leaves) found.push(`${controller}, by the verifier: ${JSON.stringify(theirs)}`);
    }
  } finally {
    await reader.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

const python = (args: string[]): Promise<{ verdict?: string; size?: number }> =>
  new Promise((resolve) => execFile('python3', ['-I', join(process.cwd(), 'deploy/verifier/waybill-verify.py'), ...args], { maxBuffer: 2 ** 26 }, (error, stdout) => {
    try {
      resolve(JSON.parse(stdout) as { verdict?: string; size?: number });
    } catch {
      resolve({ verdict: String(error) });
    }
  }));
