import { Controller, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { GRAMMAR } from '#protocol/grammar';
import { readEntryWithProof, readPage } from '#register/looking-up';
import { Register } from '#register/register';
import { keptBy } from '#rights/retention';
import { CONSOLE_LIMITS } from './limits';
import { Pages } from './pages';
import { entryShown, keptShown, READING_REASONS, rowShown } from './register-shown';
import { On } from './routes';
import type { Session } from './sessions';
import { SignedIn } from './staff.guard';
import { ConsoleClock } from './tokens';

interface Asked {
  about?: string;
  reason?: string;
  after?: string;
}

/** The organisation's own register, and how long its copies are kept, for its data protection officer. Codes, ids and times; that somebody looked is an entry itself, with the reason. */
@Controller()
export class RegisterController {
  constructor(private readonly pages: Pages, private readonly database: Database, private readonly register: Register, private readonly clock: ConsoleClock) {}

  /** Without a reason nothing is read, and what can be looked for is asked. @throws Refusal QUERY_INVALID */
  @On('register')
  async list(@SignedIn() session: Session, @Query() query: Asked, @Res() reply: FastifyReply): Promise<void> {
    const { about, reason, after } = asked(query);
    const { controller } = session.staff;
    const size = CONSOLE_LIMITS.page.value;
    const found = reason === undefined ? undefined : await this.database.as(session.staff, async (tx) => {
      const end = (await this.register.latestCheckpoint(tx, { controller }))?.size ?? 0;
      const from = after ?? (about === undefined ? Math.max(-1, end - size - 1) : -1);
      const entries = await readPage(tx, this.register, { controller, after: from, limit: size, reader: readerOf(session, reason), looked: { about }, at: this.clock.now() });
      return { entries, from, end };
    });
    const to = (more: Record<string, string>): string => `/register?${new URLSearchParams({ reason: reason ?? '', ...(about !== undefined && { about }), ...more })}`;
    const last = found?.entries.at(-1);
    this.pages.send(reply, 'register', 'Register', {
      reasons: Object.entries(READING_REASONS).map(([code, says]) => ({ code, says, chosen: code === reason })), about: about ?? '', searched: found !== undefined, end: found?.end ?? 0,
      entries: found?.entries.map((entry) => rowShown(entry, reason ?? '')) ?? [],
      earlier: found && about === undefined && found.from >= 0 ? to({ after: String(Math.max(-1, found.from - size)) }) : false,
      later: found && last && found.entries.length === size && last.index + 1 < found.end ? to({ after: String(last.index) }) : false,
    }, { session });
  }

  /** One entry, what it says, and how it is proven: a browser with scripts works the proof out by itself. @throws Refusal NOT_FOUND for whoever it is not of */
  @On('registerEntry')
  async entry(@SignedIn() session: Session, @Param('id') id: string, @Query() query: Asked, @Res() reply: FastifyReply): Promise<void> {
    const { reason } = asked(query);
    const file = await this.proven(session, id, reason);
    this.pages.send(reply, 'register-entry', `Register entry ${file.index}`, { ...entryShown(file, session.staff.controller), href: `/register/${id}/proof`, back: reason === undefined ? '/register' : `/register?${new URLSearchParams({ reason })}` }, { session });
  }

  /** The same to hand on, or to check with a program that is not ours. */
  @On('registerProof')
  async proof(@SignedIn() session: Session, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.proven(session, id, undefined);
    void reply.header('content-disposition', `attachment; filename="entry-${file.index}.json"`).type('application/json; charset=utf-8').send(JSON.stringify(file));
  }

  @On('retention')
  async retention(@SignedIn() session: Session, @Query() { after }: Asked, @Res() reply: FastifyReply): Promise<void> {
    if (after !== undefined && !GRAMMAR.uuid.test(after)) throw new Refusal({ code: 'QUERY_INVALID' });
    const { items, next } = await this.database.as(session.staff, (tx) => keptBy(tx, session.staff.agency, { limit: CONSOLE_LIMITS.page.value, ...(after !== undefined && { after }) }));
    this.pages.send(reply, 'retention', 'What is kept, and until when', { items: items.map((item) => keptShown(item, this.clock.now())), next: next ? `/retention?${new URLSearchParams({ after: next })}` : false }, { session });
  }

  private async proven(session: Session, id: string, reason: string | undefined) {
    if (!GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
    const file = await this.database.as(session.staff, (tx) => readEntryWithProof(tx, this.register, { controller: session.staff.controller, entry: id, reader: readerOf(session, reason), at: this.clock.now() }));
    if (!file) throw new Refusal({ code: 'NOT_FOUND' });
    return file;
  }
}

const readerOf = ({ staff }: Session, reason: string | undefined) => ({ reason, by: staff.id, role: 'data-protection-officer' });

/** @throws Refusal QUERY_INVALID */
function asked({ about, reason, after }: Asked): { about?: string; reason?: string; after?: number } {
  const [sought, place] = [about?.trim() || undefined, after === undefined ? undefined : Number(after)];
  if (sought !== undefined && !GRAMMAR.uuid.test(sought)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/about' });
  if (reason !== undefined && !Object.hasOwn(READING_REASONS, reason)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/reason' });
  if (place !== undefined && !(Number.isSafeInteger(place) && place >= -1)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after' });
  return { ...(sought !== undefined && { about: sought }), ...(reason !== undefined && { reason }), ...(place !== undefined && { after: place }) };
}
