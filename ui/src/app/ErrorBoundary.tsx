import { Button, Center } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { EmptyState } from "../components/EmptyState";
import { IconAlert } from "../components/icons";

/** A fault in a screen must not leave an empty window: the work is saved, so opening it again is safe. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Center h="100vh">
        <EmptyState
          icon={<IconAlert size={26} />}
          title="This screen ran into a fault"
          actions={<Button onClick={() => window.location.reload()}>Open Muster again</Button>}
        >
          Everything you did so far is saved. Opening the window again brings you back to it.
        </EmptyState>
      </Center>
    );
  }
}
