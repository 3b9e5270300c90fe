import type { Pool } from 'pg';
import type { Route } from './http.ts';
import type { InvoiceStore } from './invoices.ts';
import type { OptionalColumn, OrderStore } from './orders.ts';

/** What the routes work with. */
export interface Shop {
  readonly pool: Pool;
  readonly orders: OrderStore;
  readonly invoices: InvoiceStore;
}

/** What makes one release differ from another. */
export interface Release {
  readonly version: string;
  readonly columns: readonly OptionalColumn[];
  readonly routes: (shop: Shop) => readonly Route[];
}
