import type { Element } from '../der/reader';
import { TYPE } from '../der/tags';
import { element } from '../der/writer';

/** RFC 5652, 11.3: two digits of the year from 1950 to 2049, four from then on; always seconds, always Z. */
const FORMS: Readonly<Record<number, RegExp>> = { [TYPE.utcTime]: /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, [TYPE.generalizedTime]: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ };
const FIRST_OF_CENTURY = 50;

export function readTime({ tag, body }: Element): Date | undefined {
  const found = FORMS[tag]?.exec(Buffer.from(body).toString('latin1'));
  if (!found) return undefined;
  const [, year = '', ...rest] = found;
  const full = tag === TYPE.utcTime ? `${Number(year) >= FIRST_OF_CENTURY ? '19' : '20'}${year}` : year;
  const [month, day, hour, minute, second] = rest;
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(iso);
  // 30 February is read as a day in March.
  return !Number.isNaN(time.getTime()) && time.toISOString() === iso ? time : undefined;
}

export function writeTime(at: Date): Uint8Array {
  const digits = at.toISOString().replace(/\.\d+Z$/, 'Z').replace(/[-:T]/g, '');
  const year = at.getUTCFullYear();
  return year >= 1950 && year < 2050 ? element(TYPE.utcTime, Buffer.from(digits.slice(2))) : element(TYPE.generalizedTime, Buffer.from(digits));
}
