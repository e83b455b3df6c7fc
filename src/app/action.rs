//! What a key can mean.

/// One thing the program can be told to do. Its name, keys and sentence stand in
/// [`super::keymap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each has its sentence in the key table")]
pub enum Action {
    // Everywhere.
    Help,
    Palette,
    NextPane,
    PrevPane,
    Open,
    PreviousConversation,
    Back,
    Zoom,
    Refresh,
    Retry,
    CycleZone,
    ToggleMouse,
    Repaint,
    Suspend,
    Close,
    Cancel,
    // Lists.
    Down,
    Up,
    PageDown,
    PageUp,
    HalfDown,
    HalfUp,
    Top,
    Bottom,
    In,
    Out,
    // Groups.
    FilterGroups,
    UserGroups,
    Pin,
    Sort,
    // Messages.
    ScrollDown,
    ScrollUp,
    ToggleNames,
    // Messages and detail.
    ToggleWrap,
    ToggleRaw,
    // Detail.
    NextMessage,
    PrevMessage,
    NextElement,
    PrevElement,
    ViewText,
    ViewJson,
    ViewHex,
    Find,
    FindNext,
    FindPrev,
    // Prompts.
    Submit,
    Dismiss,
    HistoryUp,
    HistoryDown,
    Complete,
    CursorLeft,
    CursorRight,
    CursorStart,
    CursorEnd,
    EraseBack,
    EraseForward,
    EraseWord,
    EraseToStart,
}
