import type { Receipt, RegisterReceipted } from '#protocol/answers';
import type { DisclosureReceipt, NotSharedReceipt } from '#protocol/own-answers';
import type { RightsReceipt } from '#protocol/rights-answers';
import { verifyPromise } from '#register/promise';
import { ClientRefusal } from './codes';
import type { Pins } from './pins';

/**
 * Holds a receipt to what was sent and to the keys that were pinned: it is about this manifest, and the promise that it stands in our own
 * register is signed by the gateway. @throws ClientRefusal RECEIPT_NOT_TRUSTED with the place
 */
export async function verifyReceipt(receipt: Receipt, expected: { share?: string; manifestDigest?: string }, pins: Pins): Promise<Receipt> {
  const fault = (place: string, because: string) => new ClientRefusal('RECEIPT_NOT_TRUSTED', { place, because, ...(expected.share ? { share: expected.share } : {}) });
  if (receipt?.format !== 'waybill-receipt/1' || !Array.isArray(receipt.transfers) || !Array.isArray(receipt.struckOff) || !receipt.register) throw fault('format', 'NOT_A_RECEIPT');
  if (receipt.share !== (expected.share ?? receipt.share)) throw fault('share', 'DIFFERS');
  if (receipt.manifestDigest !== (expected.manifestDigest ?? receipt.manifestDigest)) throw fault('manifestDigest', 'DIFFERS');
  await requirePromise(receipt.register, pins, fault);
  return receipt;
}

/** The same for what an agency records of its own doing: a decision not to share, a disclosure off the wire, a rights request. @throws ClientRefusal RECEIPT_NOT_TRUSTED with the place */
const ofOwn = <Id extends string, R extends { format: string; digest: string; register: RegisterReceipted } & Record<Id, string>>(format: R['format'], id: Id) =>
  async (receipt: R, expected: Record<Id, string> & { digest: string }, pins: Pins): Promise<R> => {
    const fault = (place: string, because: string) => new ClientRefusal('RECEIPT_NOT_TRUSTED', { place, because, [id]: expected[id] });
    if (receipt?.format !== format || !receipt.register) throw fault('format', 'NOT_A_RECEIPT');
    if (receipt[id] !== expected[id]) throw fault(id, 'DIFFERS');
    if (receipt.digest !== expected.digest) throw fault('digest', 'DIFFERS');
    await requirePromise(receipt.register, pins, fault);
    return receipt;
  };

export const verifyNotSharedReceipt = ofOwn<'decision', NotSharedReceipt>('waybill-not-shared-receipt/1', 'decision');
export const verifyDisclosureReceipt = ofOwn<'disclosure', DisclosureReceipt>('waybill-disclosure-receipt/1', 'disclosure');
export const verifyRightsReceipt = ofOwn<'rightsRequest', RightsReceipt>('waybill-rights-receipt/1', 'rightsRequest');

async function requirePromise({ log, leaf, promise }: RegisterReceipted, pins: Pins, fault: (place: string, because: string) => ClientRefusal): Promise<void> {
  const verdict = await verifyPromise(String(promise), pins.gatewayKeys.map((key) => ({ ...key })));
  if (!verdict.ok) throw fault('register/promise', verdict.fault);
  if (verdict.promise.iss !== pins.gateway) throw fault('register/promise', 'ANOTHER_GATEWAY');
  if (verdict.promise.leaf !== leaf || verdict.promise.log !== log) throw fault('register/promise', 'ANOTHER_ENTRY');
  // A promise for somebody else's register would be no record of ours.
  if (!pins.logs.includes(log)) throw fault('register/log', 'NOT_OUR_REGISTER');
}
