import { Button, type ButtonProps, Group } from "@mantine/core";

type Props = ButtonProps & {
  onClose: () => void;
  "data-testid"?: string;
};

/** The end of a form in a dialog: the way out, and the button that submits it, to which all else goes. */
export function FormActions({ onClose, ...submit }: Props) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" {...submit} />
    </Group>
  );
}
