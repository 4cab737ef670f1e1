import { IsBoolean } from 'class-validator';
import { Is } from './grammar';
import { Count } from './shapes';

// Names as in the IETF's draft of resumable uploads for HTTP, where they fit.

/** Content-Type of a form's part that holds an upload's id in place of octets. */
export const UPLOAD_TYPE = 'application/vnd.waybill.upload';
/** Content-Type of octets that are appended to an upload. */
export const APPENDED_TYPE = 'application/partial-upload';
/** Octets from the start of the part. */
export const OFFSET_HEADER = 'upload-offset';

/** A sealed part on its way in. */
export class UploadTold {
  @Is('uuid') upload: string;
  /** Octets taken: where to go on. */
  @Count() offset: number;
  /** Whether they are a whole message. */
  @IsBoolean() complete: boolean;
  /** When it is removed, if nothing more comes. */
  @Is('instant') expires: string;
}
