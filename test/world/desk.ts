import { run } from '../../apps/cli/run';
import type { World } from './partnership';

export interface Said {
  exit: number;
  out: string;
  err: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into whatever was told
  readonly json: any;
}

/** Runs `waybill` as somebody at a desk would: in a folder, with these settings. */
export async function atDesk(args: readonly string[], { cwd, env = {}, now }: { cwd: string; env?: Record<string, string>; now: () => Date }): Promise<Said> {
  const said = { out: '', err: '' };
  const exit = await run(args, {
    out: (text) => void (said.out += text), err: (text) => void (said.err += text), outOctets: (octets) => void (said.out += Buffer.from(octets).toString('utf8')),
    watched: false, cwd, env, now,
  });
  return { exit, ...said, get json() { return JSON.parse(said.out) as unknown; } };
}

/** What an operator's commands are told of this world. */
export const operatorsEnv = (world: World): Record<string, string> => ({
  WAYBILL_DATABASE_HOST: world.db.address.host,
  WAYBILL_DATABASE_NAME: world.db.address.database,
  WAYBILL_ORIGIN: world.system.origin,
  WAYBILL_AGREEMENTS: `${process.cwd()}/deploy/agreements`,
});
