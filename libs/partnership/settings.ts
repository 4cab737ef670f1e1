import type { Settings } from '#platform/config';
import { AgreementsUnreadable, readAgreements } from './agreements';

export const AGREEMENT_SETTINGS = {
  WAYBILL_AGREEMENTS: { says: 'folder of agreement profiles', example: '/etc/waybill/agreements', kind: 'folder', faultsOf: faultsOfAgreements },
} as const satisfies Settings;

/** A gateway that decides by half an agreement decides wrongly: every fault of every profile, with its own file and line. */
function faultsOfAgreements(folder: string): { says: string; fix: string }[] {
  try {
    if (readAgreements(folder).size > 0) return [];
    return [{ says: 'the folder holds no agreement', fix: 'Put a folder with agreement.yaml into it, named by the id of the agreement' }];
  } catch (error) {
    if (!(error instanceof AgreementsUnreadable)) return [{ says: 'the agreements cannot be read', fix: 'Let the user of the process read the folder and what is in it' }];
    return error.errors.map(({ file, line, reason }) => ({ says: `${file}:${line}: ${reason}`, fix: 'Correct it there, then: waybill agreements check' }));
  }
}
