import { isShown } from '#duties/desk';
import { closeDuties } from '#duties/duties';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { DUTY_OF, dueOfMatter, type NewMatter, openMatters } from '#exchange/matters';
import { loggedOf, operationLogged } from '#exchange/operations';
import { sealedTo } from '#exchange/own-words';
import { TransferRow } from '#exchange/rows';
import { namedIn, readStated, signatureOf, type StatementWithWords, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { servedAgreement } from '#policy/agreement';
import { answeringUnmet, demandsDeletion, MATTERS, puttingUnmet } from '#policy/matters';
import { circulates } from '#policy/notification-parts';
import { membershipOf } from '#policy/parties';
import { underSecurityNeeds } from '#policy/security-needs';
import { sha256 } from '#protocol/digest';
import { MatterAnswered, MatterPut } from '#protocol/matter';
import type { MatterPage, MatterStands, MatterTold } from '#protocol/matter-answers';
import { type About, aboutOf } from './about';
import { found, itemOf, MATTER_SIDES, type MatterRow, type MatterSide, toldOf } from './matter-rows';
import { ARRIVED, passedOnIn, reachEach, reached } from './reaching';

/** What the two sides of a transfer say to each other about it once it has arrived: signed, kept octet for octet, recorded by both. */
export class Matters {
  constructor(private readonly rooms: StatingRooms) {}

  /**
   * Puts a matter to the other side of a transfer of the asker's own. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, MATTER_INVALID, STATEMENT_DIFFERS, a gate code of signature or words, and every code of `PUTTING`
   */
  put(asker: Asker, sent: StatementWithWords): Promise<MatterStands> {
    const { database, gateway, clock } = this.rooms;
    const at = clock.now();
    const put = readStated(MatterPut, sent, { agency: asker.agency, gateway, now: at, invalid: 'MATTER_INVALID' });
    return afterCollision(async () => {
      const about = await database.as(asker, (tx) => aboutOf(tx, asker, put.transfer));
      const words = await this.words(sent, put, { own: asker.agency, other: about.other.agency }, at);
      return database.as(asker, async (tx) => {
        const [stands]: MatterRow[] = await tx.query('select * from waybill.matter where id = $1', [put.id]);
        if (stands) return this.again(stands, stands.octets, sent);
        return this.opened(tx, asker, { put, about, words, sent, at });
      });
    }, 'STATEMENT_DIFFERS');
  }

  /**
   * Answers one that was put to the asker. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, MATTER_INVALID, STATEMENT_DIFFERS, a gate code of signature or words, and every code of `ANSWERING_MATTERS`
   */
  answer(asker: Asker, id: string, sent: StatementWithWords): Promise<MatterStands> {
    const { database, directory, gateway, clock } = this.rooms;
    const at = clock.now();
    return afterCollision(async () => {
      const { put_by: author } = await database.as(asker, (tx) => putTo(tx, asker, id));
      const answered = readStated(MatterAnswered, sent, { agency: asker.agency, gateway, now: at, invalid: 'MATTER_INVALID', about: { matter: id } });
      const words = await this.words(sent, answered, { own: asker.agency, other: author }, at);
      return database.as(asker, async (tx) => {
        const matter = await putTo(tx, asker, id, 'for update');
        if (matter.answer_octets) return this.again(matter, matter.answer_octets, sent);
        const signed = await signatureOf(tx, directory, asker, sent, at);
        const agreement = servedAgreement(this.rooms.agreements, matter.agreement);
        const party = (await directory.parties(tx, [asker.agency], agreement, at)).party(asker.agency);
        const { answer, reason, approver, until, report, shownBy, by, role } = answered;
        const shows = MATTERS[matter.kind].answers[answer]?.shows;
        const shown = shows !== undefined && (await isShown(tx, asker, shows, shownBy));
        requireMet(answeringUnmet({ agreement, matter: { kind: matter.kind, demandsDeletion: matter.demands_deletion }, answered, party, shown, at: at.toISOString() }));
        await tx.query(
          `update waybill.matter set answer = $2, answered_at = $3, until_day = $4, answer_octets = $5, answer_signature = $6, answer_signer = $7, answer_signer_certificate = $8, answer_words = $9 where id = $1`,
          [id, answer, at, until ?? null, signed.octets, signed.signature, signed.fingerprint, signed.certificate, words ?? null]);
        await closeDuties(tx, { matter: id }, { because: answer, at, ...(shown && { shownBy }) }, [DUTY_OF[matter.kind]]);
        const fields = {
          share: matter.share, transfer: matter.transfer, matter: id, about: matter.kind, ...namedIn(signed), by: asker.agency, contact: by.contact, role,
          answer, reason, approver, until, report, ...(shown && { shownBy }), wordsSealed: answered.words?.sealed,
        };
        await this.rooms.register.record(tx, [...new Set([matter.put_by_controller, matter.put_to_controller])].map((controller) => ({ kind: 'matter-answered' as const, controller, at, fields })));
        await this.log(tx, asker, matter, answered, at);
        // Whom it passed the same on to is its own to tell: the author never learns of them.
        const alsoTo = MATTERS[matter.kind].reachesAll ? await reachEach(tx, asker, await passedOnIn(tx, asker, matter.share), { at }) : [];
        return { matter: id, dueAt: matter.due_at.toISOString(), answer, ...(alsoTo.length > 0 && { alsoTo }) };
      });
    });
  }

  /** One page, the oldest first. `after` is the `next` of the page before. */
  list(asker: Asker, side: MatterSide, page: { open?: boolean; after?: string; limit: number }): Promise<MatterPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const rows: MatterRow[] = await tx.query(
        `select * from waybill.matter where ${MATTER_SIDES[side]} and (not $2 or answer is null) and ($3::uuid is null or id > $3) order by id limit $4`, [asker.agency, page.open ?? false, page.after ?? null, page.limit + 1]);
      return pageOf(rows, page.limit, itemOf, ({ id }) => id);
    });
  }

  /** One matter with all that was signed of it. @throws Refusal NOT_FOUND for whoever is not one of its two sides */
  told(asker: Asker, id: string): Promise<MatterTold> {
    return this.rooms.database.as(asker, async (tx) => toldOf(await found(tx, id)));
  }

  /** The words of a matter, or of its answer, as they were sealed. @throws Refusal NOT_FOUND */
  sealedWords(asker: Asker, id: string, of: 'matter' | 'answer'): Promise<Buffer> {
    return this.rooms.database.as(asker, async (tx) => {
      const { words, answer_words } = await found(tx, id);
      const octets = of === 'matter' ? words : answer_words;
      if (!octets) throw new Refusal({ code: 'NOT_FOUND' });
      return octets;
    });
  }

  /** Where operations on the copy are logged, that it was corrected or erased is one of them. */
  private async log(tx: Tx, asker: Asker, { kind, transfer: id }: MatterRow, { answer, by, role }: MatterAnswered, at: Date): Promise<void> {
    const operation = MATTERS[kind].answers[answer]?.operation;
    const transfer = operation && (await tx.findOneBy(TransferRow, { id }));
    const logged = transfer && loggedOf(transfer);
    if (operation && logged) await this.rooms.register.record(tx, [operationLogged(asker.controller, logged, { operation, at, by: by.contact, role })]);
  }

  private async opened(tx: Tx, asker: Asker, { put, about, words, sent, at }: { put: MatterPut; about: About; words: Uint8Array | undefined; sent: StatementWithWords; at: Date }): Promise<MatterStands> {
    const { directory, register } = this.rooms;
    const signed = await signatureOf(tx, directory, asker, sent, at);
    const { transfer, side, cited, declared, other } = about;
    const agreement = servedAgreement(this.rooms.agreements, cited.id);
    const parties = await directory.parties(tx, [...new Set([asker.agency, transfer.sender])], agreement, at);
    const [author, sender] = [asker.agency, transfer.sender].map((agency) => membershipOf(parties.party(agency), agreement, at.toISOString()));
    requireMet(puttingUnmet({ agreement: underSecurityNeeds(agreement, sender?.entry, at.toISOString()), put, side, circulates: side === 'recipient' && declared.notification && circulates(agreement, author), transfer: { arrived: ARRIVED.includes(transfer.state), ...declared }, at: at.toISOString() }));
    const { id, kind, by, role, right, rightsRequest, purpose, recipients, way, categories, wrong, source, reason, manner, answerBy } = put;
    const matter: NewMatter = {
      id, kind, transfer: transfer.id, share: transfer.share, agreement: cited, by: { ...asker, contact: by.contact }, to: other, right, rightsRequest, purpose, recipients,
      demandsDeletion: kind === 'consent-withdrawn' && demandsDeletion(agreement, declared), at, answerBy: answerBy === undefined ? undefined : new Date(answerBy), signed, words,
      entry: { role, ...namedIn(signed), way, categories, wrong, source, reason, manner, wordsSealed: put.words?.sealed },
    };
    await openMatters(tx, register, [matter]);
    if (!MATTERS[kind].reachesAll) return { matter: id, dueAt: dueOfMatter(matter).toISOString() };
    await reached(tx, transfer.id, kind, at);
    const alsoTo = await reachEach(tx, asker, [transfer.share], { categories, at });
    return { matter: id, dueAt: dueOfMatter(matter).toISOString(), ...(alsoTo.length > 0 && { alsoTo }) };
  }

  /** @throws Refusal STATEMENT_DIFFERS where something else was said before */
  private again(row: MatterRow, before: Buffer | null, { statement }: StatementWithWords): MatterStands {
    if (before === null || sha256(before) !== sha256(statement)) throw new Refusal({ code: 'STATEMENT_DIFFERS' });
    return { matter: row.id, dueAt: row.due_at.toISOString(), ...(row.answer !== null && { answer: row.answer }) };
  }

  /** Words go to the other side, and to their author if it wants to read them again. */
  private async words({ words }: StatementWithWords, signed: Pick<MatterPut, 'words'>, { own, other }: { own: string; other: string }, at: Date): Promise<Uint8Array | undefined> {
    return words && (await sealedTo(this.rooms, { only: [own, other], reads: other, otherwise: 'WORDS_NOT_THEIRS' }, words, signed.words, at));
  }
}

/** @throws Refusal NOT_FOUND for whoever it was not put to */
async function putTo(tx: Tx, { agency }: Asker, id: string, locked: '' | 'for update' = ''): Promise<MatterRow> {
  const row = await found(tx, id, locked);
  if (row.put_to !== agency) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}
