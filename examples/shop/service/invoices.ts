import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Client, S3Error } from 'minio';
import type { ServerSettings } from './config.ts';
import { type OrderInput, totalOf } from './order.ts';
import { renderPdf } from './pdf.ts';

export interface InvoiceStore {
  readonly put: (key: string, document: Buffer) => Promise<void>;
  /** Undefined when the bucket has no such object. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly remove: (key: string) => Promise<void>;
  readonly isReachable: () => Promise<boolean>;
}

export function invoiceStore(settings: ServerSettings): InvoiceStore {
  const { S3_BUCKET: bucket, S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION } = settings;
  const endpoint = new URL(S3_ENDPOINT);
  const client = new Client({
    endPoint: endpoint.hostname,
    useSSL: endpoint.protocol === 'https:',
    ...(endpoint.port !== '' && { port: Number(endpoint.port) }),
    accessKey: S3_ACCESS_KEY,
    secretKey: S3_SECRET_KEY,
    region: S3_REGION,
    pathStyle: true,
  });
  return {
    put: async (key, document) => {
      const metadata = { 'Content-Type': 'application/pdf' };
      await client.putObject(bucket, key, document, document.length, metadata);
    },
    get: async (key) => {
      try {
        return await buffer(await client.getObject(bucket, key));
      } catch (error) {
        if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    remove: (key) => client.removeObject(bucket, key),
    isReachable: () => client.bucketExists(bucket),
  };
}

/** The year keeps listings of the bucket short; the number makes the key unique. */
export const invoiceKey = (id: number, date: Date): string =>
  `invoices/${date.getUTCFullYear()}/${id}.pdf`;

export function renderInvoice(id: number, date: Date, order: OrderInput): Buffer {
  const money = (amount: number) => (amount / 100).toFixed(2).padStart(14);
  const row = (what: string, quantity: string, amount: string) =>
    `${what.slice(0, 40).padEnd(42)}${quantity.padStart(6)}${amount}`;
  return renderPdf([
    `Invoice ${id}`,
    `Date      ${date.toISOString().slice(0, 10)}`,
    `Customer  ${order.customer.slice(0, 60)}`,
    '',
    ...order.lines.map((line) =>
      row(line.sku, String(line.quantity), money(line.quantity * line.unitPrice)),
    ),
    '',
    row(`Total ${order.currency}`, '', money(totalOf(order))),
  ]);
}

export const sha256 = (data: string | Buffer): string =>
  createHash('sha256').update(data).digest('hex');
