import { Button, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api";
import { useActions } from "../../components/actions";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconFile, IconUpload } from "../../components/icons";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { Drafts } from "./Drafts";
import { MemberFileWorkspace } from "./MemberFileWorkspace";
import { JOB, useMemberFile } from "./useMemberFile";

function NothingOpen() {
  const actions = useMemberFile(null);
  useActions([
    { id: "member-file-open", label: "Open a member file…", group: "Member file", run: actions.open },
  ]);
  return (
    <Page title="Member file" lead="Look up, correct, add and delete members in a file that Muster wrote.">
      <Stack>
        <ErrorNotice error={actions.error} />
        <Drafts />
        <EmptyState
          icon={<IconFile size={28} />}
          title="No file is open"
          actions={
            <Button
              leftSection={<IconUpload size={18} />}
              loading={actions.busy}
              onClick={actions.open}
              data-testid="member-file-open"
            >
              Open a file…
            </Button>
          }
        >
          master.csv, suspects.csv or members.xlsx, say. The file stays as it is until you save, and each
          version that you replace is kept beside it.
        </EmptyState>
        <ProgressPanel name={JOB} title="Opening the file" floating />
      </Stack>
    </Page>
  );
}

/** A member file on the disk: opened, edited and saved. */
export function MemberFileScreen() {
  const api = useApi();
  const current = useQuery({
    queryKey: keys.memberFile,
    queryFn: () => api.memberFileCurrent(),
    staleTime: 0,
  });
  if (current.error && current.data === undefined) {
    return (
      <Page title="Member file">
        <ErrorNotice error={current.error} retry={() => current.refetch()} />
      </Page>
    );
  }
  if (current.data === undefined) {
    return (
      <Page title="Member file">
        <Skeleton height={240} aria-hidden="true" />
      </Page>
    );
  }
  return current.data ? <MemberFileWorkspace file={current.data} /> : <NothingOpen />;
}
