"""Every rule, in order of its code."""

from wsconsolidate.model.finding import Rule
from wsconsolidate.rules import (
    wsc001_unused_suppression,
    wsc002_unexplained_suppression,
    wsc101_duplicate_protocol,
    wsc102_divergent_protocol,
    wsc103_emitter_bypasses_ssot,
    wsc104_duplicate_manager,
    wsc105_legacy_import,
    wsc106_backup_file,
    wsc201_missing_event,
    wsc202_stub_event,
    wsc203_event_never_reaches_socket,
    wsc206_unawaited_emit,
    wsc301_inconsistent_mro,
    wsc304_method_defined_twice,
    wsc402_connections_changed_while_iterating,
)

RULES: tuple[Rule, ...] = (
    wsc001_unused_suppression.RULE,
    wsc002_unexplained_suppression.RULE,
    wsc101_duplicate_protocol.RULE,
    wsc102_divergent_protocol.RULE,
    wsc103_emitter_bypasses_ssot.RULE,
    wsc104_duplicate_manager.RULE,
    wsc105_legacy_import.RULE,
    wsc106_backup_file.RULE,
    wsc201_missing_event.RULE,
    wsc202_stub_event.RULE,
    wsc203_event_never_reaches_socket.RULE,
    wsc206_unawaited_emit.RULE,
    wsc301_inconsistent_mro.RULE,
    wsc304_method_defined_twice.RULE,
    wsc402_connections_changed_while_iterating.RULE,
)

KNOWN_CODES = tuple(rule.code for rule in RULES)
