/**
 * SQL of a table whose rows take about 215 bytes each in a dump. Some of it compresses, some does not, as
 * in most tables.
 */
export const ordersTable = (rows: number): string => `
  create table orders (id bigint primary key, customer text, note text, total numeric, at timestamptz);
  insert into orders
    select n, 'customer ' || n % 1000, md5(n::text) || md5((n * 7)::text) || repeat('text ', 20), n / 100.0,
           timestamptz '2026-01-01' + n * interval '1 second'
    from generate_series(1, ${rows}) n;`;
