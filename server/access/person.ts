import type { Sql } from "postgres";

/** Who a request comes from. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: "owner" | "instructor" | "learner";
}

/** The one person of solo mode, made at the first start. */
export async function ensureOwner(sql: Sql): Promise<Person> {
  return await sql.begin(async (tx) => {
    // Two first starts at once must not make two owners.
    await tx`LOCK TABLE trestle.person IN SHARE ROW EXCLUSIVE MODE`;
    const [known] = await tx<Person[]>`
      SELECT id, name, role FROM trestle.person WHERE role = 'owner'`;
    if (known) return known;
    const [owner] = await tx<Person[]>`
      INSERT INTO trestle.person (name, role) VALUES ('You', 'owner')
      RETURNING id, name, role`;
    return owner!;
  });
}
