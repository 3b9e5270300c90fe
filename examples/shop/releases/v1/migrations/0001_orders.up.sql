create table orders (
  id bigint generated always as identity primary key,
  customer text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total bigint not null check (total >= 0),
  invoice_key text not null unique,
  invoice_digest text,
  idempotency_key text unique,
  request_digest text not null,
  created_at timestamptz not null default now()
);

create table order_lines (
  order_id bigint not null references orders (id) on delete cascade,
  position integer not null check (position > 0),
  sku text not null,
  quantity integer not null check (quantity > 0),
  unit_price bigint not null check (unit_price >= 0),
  primary key (order_id, position)
);

comment on column orders.total is 'In the smallest unit of the currency.';
comment on column orders.invoice_key is 'Key of the invoice in the bucket.';
