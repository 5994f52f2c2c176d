internal import XFRMKit

extension CommandParser {
  /// What `state ae` says.
  mutating func checkpointCommand() throws(SyntaxError) -> AssociationCommand {
    switch try argument("get or set") {
    case "get": try checkpointQuestion()
    case "set": .setCheckpoint(try checkpoint())
    default: throw unknown()
    }
  }

  /// `get ID [mark V [mask M]] [replay-threshold] [timer-threshold]`: those thresholds, too.
  private mutating func checkpointQuestion() throws(SyntaxError) -> AssociationCommand {
    var mark: Mark?
    var id: Identity?
    var flags: AssociationCheckpoint.Flags = []
    while let word = take() {
      switch word {
      case "mark": mark = try self.mark()
      case "replay-threshold": flags.insert(.packets)
      case "timer-threshold": flags.insert(.timer)
      default: id = try onlyIdentity(id == nil)
      }
    }
    guard let id else { throw impossible("Not enough information: ID is required") }
    return .getCheckpoint(associationID(id, mark), flags)
  }

  /// `set ID …`: sequence numbers, counters, thresholds; at least one of them.
  private mutating func checkpoint() throws(SyntaxError) -> AssociationCheckpoint {
    var draft = CheckpointDraft()
    while let word = take() {
      switch word {
      case "mark": draft.mark = try mark()
      case "reqid": draft.requestID = try number("REQID value is invalid")
      case "replay-window": draft.replay.window = try number(after: word)
      case "replay-seq": draft.replay.incoming = try number(after: word)
      case "replay-oseq": draft.replay.outgoing = try number(after: word)
      case "replay-seq-hi": draft.replay.incomingHigh = try number(after: word)
      case "replay-oseq-hi": draft.replay.outgoingHigh = try number(after: word)
      case "bitmap": draft.bitmap = try bitmap()
      // Bytes, packets, and seconds since 1970.
      case "bytes": draft.usage.bytes = try number(after: word)
      case "packets": draft.usage.packets = try number(after: word)
      case "add-time": draft.usage.addedAt = try number(after: word)
      case "use-time": draft.usage.firstUsedAt = try number(after: word)
      // Packets, the kernel's ticks, and seconds.
      case "replay-threshold": draft.packets = try number(after: word)
      case "timer-threshold": draft.jiffies = try number(after: word)
      case "mapping-threshold": draft.mappingSeconds = try number(after: word)
      default:
        draft.identity = try onlyIdentity(draft.identity == nil)
        continue
      }
      draft.said(word)
    }
    return try finish(draft)
  }

  private mutating func onlyIdentity(_ isFirst: Bool) throws(SyntaxError) -> Identity {
    guard isFirst else { throw unknown() }
    putBack()
    return try identity()
  }

  /// Words of 32 bits, joined by commas: which packets of a window have come.
  private mutating func bitmap() throws(SyntaxError) -> [UInt32] {
    var bitmap: [UInt32] = []
    for part in try argument("a bitmap").split(separator: ",", omittingEmptySubsequences: false) {
      guard let word = UInt32(cText: part.utf8Span.span, isStrict: true), bitmap.count < 128 else {
        throw wrong("value after \"bitmap\" is invalid", expected: "32-bit numbers, comma between")
      }
      bitmap.append(word)
    }
    return bitmap
  }

  private func finish(_ draft: CheckpointDraft) throws(SyntaxError) -> AssociationCheckpoint {
    guard let identity = draft.identity else {
      throw impossible("Not enough information: ID is required")
    }
    guard draft.setsAnything else {
      throw impossible("Not enough information: nothing is set.", expected: "replay-seq, bytes, …")
    }
    guard draft.replay.window <= ReplayNumbers.widest else {
      throw impossible("replay-window is at most \(ReplayNumbers.widest)")
    }
    var checkpoint = AssociationCheckpoint(associationID(identity, draft.mark))
    checkpoint.requestID = draft.requestID
    if draft.setsExtended {
      var state = draft.replay.extended
      if let bitmap = draft.bitmap { state.bitmap = bitmap }
      checkpoint.extendedReplayState = state
    } else if draft.setsReplay {
      var state = draft.replay.simple ?? ReplayState()
      state.bitmap = draft.bitmap?.first ?? 0
      checkpoint.replayState = state
    }
    if draft.setsUsage { checkpoint.usage = draft.usage }
    checkpoint.packets = draft.packets
    checkpoint.timerJiffies = draft.jiffies
    checkpoint.mappingThresholdSeconds = draft.mappingSeconds
    return checkpoint
  }
}

/// A checkpoint while its words are read.
private struct CheckpointDraft {
  var identity: Identity?
  var mark: Mark?
  var requestID: UInt32 = 0
  var replay = ReplayNumbers()
  var bitmap: [UInt32]?
  var usage = Usage()
  var packets: UInt32?
  var jiffies: UInt32?
  var mappingSeconds: UInt32?
  private(set) var setsReplay = false
  /// What the larger of the kernel's structures alone can say.
  private(set) var setsExtended = false
  private(set) var setsUsage = false

  var setsAnything: Bool {
    setsReplay || setsUsage || packets != nil || jiffies != nil || mappingSeconds != nil
  }

  mutating func said(_ word: String) {
    switch word {
    case "replay-window", "replay-seq-hi", "replay-oseq-hi":
      (setsReplay, setsExtended) = (true, true)
    case "replay-seq", "replay-oseq", "bitmap": setsReplay = true
    case "bytes", "packets", "add-time", "use-time": setsUsage = true
    default: break
    }
  }
}
