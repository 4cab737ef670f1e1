import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { ClientRefusal } from '#client/codes';
import { Witness } from '#client/witness';
import { readTimestamp, timestampRequest } from '#envelope/timestamps';
import type { ConsistencyFile } from '#register/evidence';
import { parseVkey } from '#register/vkey';
import { atHome, type Common, command, group, running, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import { namedText } from '../files';
import { type Io, UsageError } from '../io';

type Files = Common & { checkpoint?: string; proof?: string; vkey?: string };
type Stamping = Common & { authority: string; ca: string };

/** `waybill witness`: a copy of checkpoints that the gateway cannot reach, and its own line under those that follow from one another. */
export function witnessCommand(setting: Setting): Command {
  const { io } = setting;
  const witness = group('witness', 'Keep your own copy of checkpoints, cosign those that follow from one another, and have them time-stamped.');
  witness.addCommand(command('init', 'Make a witness: a folder with a key of its own.', 'waybill witness init witness --name witness.merebrook.example').argument('<folder>').requiredOption('--name <name>', 'what others know it by, such as a host name')
    .action((folder: string, options: Common & { name: string }) => running(setting, options, async () => making(resolve(io.cwd, folder), options.name))));
  witness.addCommand(atHome('follow', 'Take the gateway’s latest checkpoint of your register, or one that somebody else brings as files.', 'waybill witness follow witness').argument('<folder>')
    .option('--checkpoint <file>', 'somebody else’s checkpoint; with --vkey, and --proof from the size that you hold').option('--proof <file>', 'consistency proof, as the gateway gives it').option('--vkey <key>', 'key of that log, as its controller pinned it')
    .action((folder: string, options: Files) => (options.checkpoint === undefined
      ? runningAtHome(setting, options, async ({ partner }) => {
        const note = (await partner.connection.octets({ path: '/v1/register/checkpoint' }, 64 * 1024)).toString('utf8');
        return told(await opened(io, folder).take(note, ({ from, to }) => partner.connection.json<ConsistencyFile>({ path: `/v1/register/consistency?from=${from}&to=${to}` }), { vkeys: partner.pins.logKeys, at: io.now() }));
      })
      : running(setting, options, async () => told(await brought(io, folder, options, options.checkpoint as string))))));
  witness.addCommand(command('timestamp', 'Have the latest checkpoint of each log time-stamped by an authority (RFC 3161). Once a day is enough.', 'waybill witness timestamp witness --authority https://tsa.example/tsr --ca tsa.pem').argument('<folder>')
    .requiredOption('--authority <url>', 'address of the time-stamping authority').requiredOption('--ca <file>', 'certificate of the authority that you trust, PEM')
    .action((folder: string, options: Stamping) => running(setting, options, () => stamping(io, opened(io, folder), options))));
  witness.addCommand(command('show', 'List the logs that it follows, and what it refused.', 'waybill witness show witness').argument('<folder>')
    .action((folder: string, options: Common) => running(setting, options, async () => showing(opened(io, folder)))));
  return witness;
}

function making(folder: string, name: string): Result {
  if (Witness.isOne(folder)) throw new UsageError([`${folder} is a witness already`], 'Choose another folder.');
  let made: Witness;
  try {
    made = Witness.make(folder, name);
  } catch {
    throw new UsageError(['a name has no spaces and no plus sign'], 'Take a host name.');
  }
  return { ending: 'done', data: { folder, vkey: made.vkey }, text: `Made. Whoever relies on it pins:\n  ${made.vkey}\nKeep the folder where the gateway’s operator cannot reach it.` };
}

function opened(io: Io, folder: string): Witness {
  const path = resolve(io.cwd, folder);
  if (!Witness.isOne(path)) throw new UsageError([`${path} is no witness`], 'Make one: waybill witness init.');
  return Witness.open(path);
}

async function brought(io: Io, folder: string, { proof, vkey }: Files, checkpoint: string): ReturnType<Witness['take']> {
  if (vkey === undefined || !parseVkey(vkey)) throw new UsageError(['--vkey is missing, or is no key'], 'Give the log’s key as its controller pinned it.');
  const given = proof === undefined ? { proof: [] } : (JSON.parse(namedText(io, proof, 'the proof')) as ConsistencyFile);
  return opened(io, folder).take(namedText(io, checkpoint, 'the checkpoint'), () => Promise.resolve(given), { vkeys: [vkey], at: io.now() });
}

const told = ({ checkpoint, note, same }: Awaited<ReturnType<Witness['take']>>): Result => ({
  ending: 'done', data: { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('hex'), same, note },
  text: same ? `Nothing new: ${checkpoint.origin} still has ${checkpoint.size} entries.` : `Cosigned: ${checkpoint.origin}, ${checkpoint.size} entries.`,
});

const showing = (witness: Witness): Result => {
  const logs = witness.logs();
  return {
    ending: logs.some(({ evidence }) => evidence > 0) ? 'trust' : 'done', data: { vkey: witness.vkey, logs },
    text: [witness.vkey, ...logs.map(({ origin, size, evidence }) => `  ${origin}: ${size} entries${evidence > 0 ? `; REFUSED ${evidence} time(s): the evidence is kept` : ''}`)].join('\n'),
  };
};

/** An answer is a few kilobytes. */
const LARGEST_ANSWER = 64 * 1024;
const AUTHORITY_TIMEOUT_MS = 30_000;

async function stamping(io: Io, witness: Witness, { authority, ca }: Stamping): Promise<Result> {
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw new UsageError(['--authority is no address'], 'Give its http or https address: what it answers is signed, and it gets nothing but a digest.');
  namedText(io, ca, 'the certificate of the authority');
  const stamped: object[] = [];
  for (const { origin, size, note } of witness.logs()) {
    const [log, of] = [witness.logOf(origin), `${size}.note`];
    if (existsSync(join(log, `${of}.tsr`))) continue;
    const octets = Buffer.from(note);
    const nonce = randomBytes(8);
    const response = await fetch(url, { method: 'POST', redirect: 'error', headers: { 'content-type': 'application/timestamp-query' }, body: Buffer.from(timestampRequest({ octets, nonce })), signal: AbortSignal.timeout(AUTHORITY_TIMEOUT_MS) }).catch(() => undefined);
    const answer = response?.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
    if (!answer || answer.length > LARGEST_ANSWER) throw new ClientRefusal('NOT_TIMESTAMPED', { because: 'NO_ANSWER' });
    const read = readTimestamp(answer, { octets, nonce });
    if (!read.ok) throw new ClientRefusal('NOT_TIMESTAMPED', { because: read.fault });
    mkdirSync(log, { recursive: true, mode: 0o700 });
    writeFileSync(join(log, `${of}.stamped`), octets, { mode: 0o600 });
    writeFileSync(join(log, `${of}.tsr.part`), answer, { mode: 0o600 });
    await verified(join(log, `${of}.stamped`), join(log, `${of}.tsr.part`), resolve(io.cwd, ca));
    writeFileSync(join(log, `${of}.tsr`), readFileSync(join(log, `${of}.tsr.part`)), { mode: 0o600 });
    stamped.push({ origin, size, at: read.at.toISOString(), file: join(log, `${of}.tsr`) });
  }
  return { ending: 'done', data: { stamped }, text: stamped.length === 0 ? 'Nothing new to stamp.' : `Stamped ${stamped.length} checkpoint(s); each lies beside its note.` };
}

/** The signature, by a program that is not ours. @throws ClientRefusal NOT_TIMESTAMPED */
async function verified(data: string, answer: string, ca: string): Promise<void> {
  await promisify(execFile)('openssl', ['ts', '-verify', '-data', data, '-in', answer, '-CAfile', ca]).catch((error: { code?: unknown }) => {
    throw new ClientRefusal('NOT_TIMESTAMPED', { because: error.code === 'ENOENT' ? 'NO_OPENSSL' : 'SIGNATURE_WRONG' });
  });
}
