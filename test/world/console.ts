import type { Person } from '../../apps/standalone/staff';
import { type Agent, request } from 'node:https';
import { StaffRoll } from '#directory/staff';
import { formTokenOf, Sessions } from '../../apps/console/sessions';
import type { World } from './partnership';

export interface Page {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Somebody who is signed in, as a program that sends what a browser would. */
export interface Signed {
  agency: string;
  token: string;
  formToken: string;
}

const origin = (world: World): string => {
  if (!world.system.console) throw new Error('a world without a console');
  return world.system.console.origin;
};

/** A session without the way through the identity provider, which the sign-in's own tests take. */
export async function signedIn(world: World, agency: string, id: string, { secondFactor = false } = {}): Promise<Signed> {
  const database = world.system.database('console');
  const roll = new StaffRoll();
  const staff = await database.as({ agency, controller: agency }, (tx) => roll.member(tx, id, world.clock.now()));
  if (!staff) throw new Error(`no ${id} of ${agency}`);
  const token = await new Sessions({ database, roll, clock: world.clock }).begin(staff, secondFactor);
  return { agency, token, formToken: formTokenOf(token) };
}

export interface Asking {
  as?: Signed;
  /** Of a form; its token comes with it unless another is given. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Keeps the connection, as a browser does. */
  agent?: Agent;
}

/** Asks for one page, as it is answered: nothing is followed. */
export function ask(world: World, method: 'GET' | 'POST' | 'PUT' | 'OPTIONS', path: string, { as, form = {}, headers = {}, agent }: Asking = {}): Promise<Page> {
  const body = method === 'POST' ? new URLSearchParams({ ...(as ? { formToken: as.formToken } : {}), ...form }).toString() : undefined;
  return new Promise((resolve, reject) => {
    const asked = request(`${origin(world)}${path}`, {
      method, ...(agent ? { agent } : {}), ca: world.system.keys.authority.certificate,
      headers: { ...(as ? { cookie: `__Host-waybill=${as.token}` } : {}), ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', origin: origin(world), 'sec-fetch-site': 'same-origin' }), ...headers },
    }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (said += piece)).on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: said }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Staff who have confirmed the statement of responsibilities, as each does at its first sign-in. */
export const readTheStatement = (world: World, people: readonly Pick<Person, 'agency' | 'staff'>[]): Promise<unknown> =>
  Promise.all(people.map(({ agency, staff }) => world.db.owner.query('insert into waybill.staff_statement (agency, staff, at) values ($1, $2, $3)', [agency, staff, world.clock.now()])));
