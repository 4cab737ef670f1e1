import { asBearer, digestOf, newToken, same } from '#directory/bearer';
import { signInOf, type Staff, type StaffRoll } from '#directory/staff';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { errorName, type Log } from '#platform/log';
import { Refusal } from '#platform/refusal';
import type { IdentityProvider, Vouched } from './identity-provider';
import { CONSOLE_LIMITS } from './limits';
import type { Sessions } from './sessions';

export interface Begun {
  url: URL;
  /** For the cookie of the browser that began it. */
  browser: string;
}

/** Done; or to be done again with a second factor. */
export type Ended = { session: string; to: string } | { again: Begun };

interface Row {
  state: string;
  nonce: string;
  verifier: string;
  return_to: string;
  demanded: boolean;
  ends_at: Date;
}

/** A page of ours: nobody is sent on to anywhere else. */
const OWN_PATH = /^\/(?!\/)[A-Za-z0-9/?=&_.%-]{0,400}$/;
export const ownPath = (to: unknown): string => (typeof to === 'string' && OWN_PATH.test(to) ? to : '/');

interface SignInRooms {
  database: Database;
  provider: IdentityProvider;
  roll: StaffRoll;
  sessions: Sessions;
  clock: Clock;
  log: Log;
}

/** Signing in, from the first click to the session. What binds the answer to the question is a row that one browser can open, once. */
export class SignIn {
  constructor(private readonly rooms: SignInRooms) {}

  /** @throws Refusal SIGN_IN_FAILED while the provider is away */
  async begin(to: string, { secondFactor }: { secondFactor: boolean }): Promise<Begun> {
    const { database, provider, clock } = this.rooms;
    const question = await provider.ask({ secondFactor }).catch((error: unknown) => this.failed(error));
    const browser = newToken();
    const ends = new Date(clock.now().getTime() + CONSOLE_LIMITS.signIn.value);
    await asBearer(database, digestOf(browser), async (tx) => {
      await tx.query('insert into waybill.sign_in (browser, state, nonce, verifier, return_to, demanded, ends_at) values ($1, $2, $3, $4, $5, $6, $7)', [digestOf(browser), question.state, question.nonce, question.verifier, to, secondFactor, ends]);
      await tx.query('delete from waybill.sign_in where ends_at < clock_timestamp()');
    });
    return { url: question.url, browser };
  }

  /** @throws Refusal SIGN_IN_FAILED, NOT_STAFF, SECOND_FACTOR_REQUIRED */
  async end(browser: string | undefined, query: string): Promise<Ended> {
    const row = browser ? await this.take(browser) : undefined;
    // Before the provider is asked: an answer that somebody else's browser was given is not brought to it.
    if (!row || row.ends_at <= this.rooms.clock.now() || !same(new URLSearchParams(query).get('state') ?? '', row.state)) throw new Refusal({ code: 'SIGN_IN_FAILED' });
    const vouched = await this.rooms.provider.answer(query, row).catch((error: unknown) => this.failed(error));
    const staff = await this.staffOf(vouched);
    if (staff.secondFactor && !vouched.secondFactor) {
      if (row.demanded) throw new Refusal({ code: 'SECOND_FACTOR_REQUIRED' });
      return { again: await this.begin(row.return_to, { secondFactor: true }) };
    }
    this.rooms.log.write('info', 'sign-in.accepted', { agency: staff.agency, staff: staff.id, code: vouched.secondFactor ? 'second-factor' : 'one-factor' });
    return { session: await this.rooms.sessions.begin(staff, vouched.secondFactor), to: row.return_to };
  }

  private take(browser: string): Promise<Row | undefined> {
    return asBearer(this.rooms.database, digestOf(browser), async (tx) => {
      const [rows]: [Row[], number] = await tx.query('delete from waybill.sign_in where browser = $1 returning state, nonce, verifier, return_to, demanded, ends_at', [digestOf(browser)]);
      return rows[0];
    });
  }

  private async staffOf(vouched: Vouched): Promise<Staff> {
    const signIn = signInOf(vouched);
    const staff = await asBearer(this.rooms.database, signIn, async (tx) => this.rooms.roll.signingIn(tx, signIn, this.rooms.clock.now()));
    if (!staff) throw new Refusal({ code: 'NOT_STAFF' });
    return staff;
  }

  private failed(error: unknown): never {
    this.rooms.log.write('warn', 'sign-in.failed', { error: errorName(error), code: String((error as { code?: unknown }).code ?? 'unknown') });
    throw new Refusal({ code: 'SIGN_IN_FAILED' });
  }
}
