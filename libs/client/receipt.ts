import type { Receipt } from '#protocol/answers';
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
  const { log, leaf, promise } = receipt.register;
  const verdict = await verifyPromise(String(promise), pins.gatewayKeys.map((key) => ({ ...key })));
  if (!verdict.ok) throw fault('register/promise', verdict.fault);
  if (verdict.promise.iss !== pins.gateway) throw fault('register/promise', 'ANOTHER_GATEWAY');
  if (verdict.promise.leaf !== leaf || verdict.promise.log !== log) throw fault('register/promise', 'ANOTHER_ENTRY');
  // A promise for somebody else's register would be no record of ours.
  if (!pins.logs.includes(log)) throw fault('register/log', 'NOT_OUR_REGISTER');
  return receipt;
}
