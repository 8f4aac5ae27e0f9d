//! Makes what the shell needs at build time: the window's settings, icons and permissions.

fn main() {
    tauri_build::build();
}
