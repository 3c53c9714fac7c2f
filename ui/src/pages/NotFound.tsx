/** No page at this address. */
import { Empty } from "../components/Empty.tsx";

export function NotFound() {
  return (
    <Empty title="There is no page at this address">
      <p>
        <a href="/">Go to the workshops</a> or{" "}
        <a href="/submissions">to your submissions</a>.
      </p>
    </Empty>
  );
}
