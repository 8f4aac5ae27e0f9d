//! Keychains in all their states.

use muster_tests::{Keychain, Machine};

const ENTRY: &[(&str, &str)] = &[("service", "harness"), ("username", "ann")];

#[test]
fn an_unlocked_keychain_keeps_and_forgets() {
    let keychain = Keychain::unlocked();
    assert_eq!(keychain.lookup(ENTRY), None);
    keychain.store(ENTRY, "kept");
    assert_eq!(keychain.lookup(ENTRY).as_deref(), Some("kept"));
    assert_eq!(Keychain::unlocked().lookup(ENTRY), None, "another keychain");
    keychain.clear(ENTRY);
    assert_eq!(keychain.lookup(ENTRY), None);
}

#[test]
fn a_locked_keychain_gives_nothing() {
    let keychain = Keychain::unlocked();
    keychain.store(ENTRY, "kept");
    keychain.lock();
    assert_eq!(keychain.lookup(ENTRY), None);
    keychain.kill();
    assert_eq!(keychain.lookup(ENTRY), None);
    keychain.start_again();
    assert_eq!(keychain.lookup(ENTRY).as_deref(), Some("kept"), "it was there all the time");
}

#[test]
fn a_hanging_keychain_never_answers() {
    let keychain = Keychain::unlocked();
    keychain.store(ENTRY, "kept");
    keychain.freeze();
    let started = std::time::Instant::now();
    assert_eq!(keychain.lookup(ENTRY), None);
    assert!(started.elapsed().as_secs() >= 4, "it said something");
    keychain.thaw();
    assert_eq!(keychain.lookup(ENTRY).as_deref(), Some("kept"));
}

#[test]
fn a_keychain_may_wait_for_its_password_or_not_be_there() {
    for keychain in [Keychain::never_unlocked(), Keychain::absent()] {
        assert!(!keychain.try_store(ENTRY, "kept"));
        assert_eq!(keychain.lookup(ENTRY), None);
    }
}

#[test]
fn a_program_finds_its_machine_s_keychain_only() {
    let bus = |machine: &Machine| {
        let command = machine.command(&[]);
        let value = command.get_envs().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS").unwrap().1;
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(bus(&Machine::new()), None);
    let machine = Machine::with(Keychain::unlocked());
    machine.keychain().store(ENTRY, "kept");
    assert!(bus(&machine).unwrap().contains("/muster-services."));
}
