import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { reasonOf } from '#exchange/admission';
import { Exchange } from '#exchange/exchange';
import { Spool, type SpooledPart } from '#exchange/spool';
import { Uploads } from '#exchange/uploads';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Receipt } from '#protocol/answers';
import { GRAMMAR } from '#protocol/grammar';
import { LIMITS } from '#protocol/limits';
import { UPLOAD_TYPE } from '#protocol/uploads';
import { type FormPart, readForm, whole } from './form';
import { requireKey } from './given';

/** Octets above which it is looked up whether an upload came before, rather than taking it once more to find out. */
const LARGE = 1024 * 1024;
/** A UUID, and a line's end that an editor may have put behind it. */
const LONGEST_ID = 64;

/** Takes the form of a share, which is that of an information request too, and hands it to the exchange a part at a time. */
@Injectable()
export class Submissions {
  constructor(private readonly exchange: Exchange, private readonly spool: Spool, private readonly uploads: Uploads) {}

  async accept(asker: Asker, request: FastifyRequest, { asks, idempotencyKey }: { asks: boolean; idempotencyKey: string | undefined }): Promise<Receipt> {
    requireKey(idempotencyKey);
    const form = readForm(request.raw);
    const basket = this.spool.basket();
    try {
      const opening = await readOpening(form).catch((error: unknown) => this.recorded(asker, error));
      const begun = await this.exchange.begin(asker, { ...opening, asks, large: !(Number(request.headers['content-length']) <= LARGE), ...(idempotencyKey ? { idempotencyKey } : {}) });
      if ('receipt' in begun) return begun.receipt;
      const parts = new Map<string, SpooledPart>();
      const uploaded: string[] = [];
      try {
        for await (const part of form) {
          requirePart(part.name, parts);
          const received = await basket.receive(await this.octetsOf(asker, part, uploaded));
          if (!received.ok) throw new Refusal(reasonOf(received.problem, part.name));
          parts.set(part.name, received.part);
        }
      } catch (error) {
        if (error instanceof Refusal) return await this.exchange.refuse(asker, begun.begun, error.reasons);
        throw error;
      }
      const receipt = await this.exchange.accept(asker, begun.begun, parts);
      // Accepted is accepted: an upload that cannot be marked is removed when its time is over.
      await this.uploads.used(asker, uploaded).catch(() => undefined);
      return receipt;
    } finally {
      await form.return(undefined).catch(() => undefined);
      await basket.empty();
    }
  }

  /** A part's octets: those in the form, or those of the upload that it names. */
  private async octetsOf(asker: Asker, part: FormPart, uploaded: string[]): Promise<AsyncIterable<Uint8Array>> {
    if (part.type !== UPLOAD_TYPE) return part.octets;
    const id = (await whole(part, LONGEST_ID)).toString('latin1').trim();
    if (!GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'UPLOAD_NOT_FOUND', facts: { part: part.name } });
    uploaded.push(id);
    return this.uploads.part(asker, id).catch((error: unknown) => {
      throw error instanceof Refusal ? new Refusal(error.reasons.map((reason) => ({ ...reason, facts: { ...reason.facts, part: part.name } }))) : error;
    });
  }

  private recorded(asker: Asker, error: unknown): Promise<never> {
    if (error instanceof Refusal) return this.exchange.refuseUpload(asker, error.reasons);
    throw error;
  }
}

/** Manifest, signature and lines, in this order and before any part. */
async function readOpening(form: AsyncGenerator<FormPart>): Promise<{ manifest: Buffer; signature: Buffer; lines: Buffer }> {
  const take = async (name: 'manifest' | 'signature' | 'lines'): Promise<Buffer> => {
    const { value, done } = (await form.next()) as { value: FormPart | undefined; done?: boolean };
    if (name === 'signature' && value?.name === 'lines') throw new Refusal({ code: 'SIGNATURE_MISSING' });
    if (done || value?.name !== name) throw new Refusal({ code: 'OUT_OF_ORDER', facts: { expected: name } });
    return whole(value, LIMITS[name].value);
  };
  return { manifest: await take('manifest'), signature: await take('signature'), lines: await take('lines') };
}

function requirePart(name: string, parts: Map<string, SpooledPart>): void {
  if (!GRAMMAR.part.test(name)) throw new Refusal({ code: 'OUT_OF_ORDER', facts: { expected: 'part-1' } });
  if (parts.has(name)) throw new Refusal({ code: 'PART_UNEXPECTED', facts: { part: name } });
}
