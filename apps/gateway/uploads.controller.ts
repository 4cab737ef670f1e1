import { Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PART_CODES } from '#envelope/cms-codes';
import { Exchange } from '#exchange/exchange';
import { Uploads } from '#exchange/uploads';
import type { Asker } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { APPENDED_TYPE, OFFSET_HEADER, type UploadTold } from '#protocol/uploads';
import { Asking } from './agency.guard';
import { arriving, BrokenOff } from './arriving';
import { requireId } from './given';

const OFFSET = /^(0|[1-9][0-9]{0,14})$/;

/** Sealed parts that come before their share, over as many connections as it takes. */
@Controller('v1/uploads')
export class UploadsController {
  constructor(private readonly uploads: Uploads, private readonly exchange: Exchange) {}

  @Post()
  @HttpCode(201)
  async begin(@Asking() asker: Asker, @Res({ passthrough: true }) reply: FastifyReply): Promise<UploadTold> {
    const begun = await this.uploads.begin(asker);
    void reply.header('location', `/v1/uploads/${begun.upload}`);
    return begun;
  }

  @Get(':upload')
  async told(@Asking() asker: Asker, @Param('upload') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<UploadTold> {
    return standing(reply, await this.uploads.told(asker, requireId(id)));
  }

  @Patch(':upload')
  @HttpCode(200)
  async append(@Asking() asker: Asker, @Param('upload') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Headers(OFFSET_HEADER) offset?: string): Promise<UploadTold> {
    if (!String(request.headers['content-type'] ?? '').startsWith(APPENDED_TYPE)) throw new Refusal({ code: 'UNSUPPORTED_MEDIA_TYPE', next: `Send octets of an upload as ${APPENDED_TYPE}.` });
    if (offset === undefined || !OFFSET.test(offset)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/Upload-Offset', next: 'Say in Upload-Offset, in octets, where you go on.' });
    const told = await this.uploads.append(asker, requireId(id), Number(offset), arriving(request.raw)).catch((error: unknown) => this.recorded(asker, error));
    return standing(reply, told);
  }

  @Delete(':upload')
  @HttpCode(204)
  async drop(@Asking() asker: Asker, @Param('upload') id: string): Promise<void> {
    await this.uploads.drop(asker, requireId(id));
  }

  /** What the gate refused stands in the sender's register, as if it had come in a form. */
  private recorded(asker: Asker, error: unknown): Promise<never> {
    if (error instanceof Refusal && Object.hasOwn(PART_CODES, error.code)) return this.exchange.refuseUpload(asker, error.reasons);
    throw error instanceof BrokenOff ? new Refusal({ code: 'UPLOAD_BROKEN_OFF' }) : error;
  }
}

function standing(reply: FastifyReply, told: UploadTold): UploadTold {
  void reply.header(OFFSET_HEADER, String(told.offset));
  return told;
}
