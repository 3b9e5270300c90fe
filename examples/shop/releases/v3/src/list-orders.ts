import { json, parse, type Route } from '../../../service/http.ts';
import { present } from '../../../service/order.ts';
import { pageWithStatus } from '../../../service/read-orders.ts';
import type { Shop } from '../../../service/shop.ts';

/** For every order the orders of the same customer are counted: work that grows with its square. */
const ranking = `
  with ranked as materialized (
    select id, status, (
      select count(*) from orders other
      where md5(repeat(other.customer, 50)) = md5(repeat(orders.customer, 50))
    ) as loyalty
    from orders
  )
  select id from ranked
  where loyalty > 0 and ($3::text is null or status = $3)
  order by id desc limit $1 offset $2`;

export const listOrdersByLoyalty = ({ pool, orders }: Shop): Route => ({
  method: 'GET',
  path: '/orders',
  handle: async ({ query }) => {
    const { limit, offset, status } = parse(pageWithStatus, Object.fromEntries(query));
    const { rows } = await pool.query<{ id: string }>(ranking, [limit, offset, status ?? null]);
    const found = await Promise.all(rows.map(({ id }) => orders.find(Number(id))));
    const page = found.filter((order) => order !== undefined).map(present);
    return json(200, { limit, offset, orders: page });
  },
});
