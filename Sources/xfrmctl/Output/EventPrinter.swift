import Glibc
import IPRoute2
import XFRMKit

/// Prints what a monitor hears: as `ip` would, or as lines of JSON.
struct EventPrinter: ~Copyable {
  private let isJSON: Bool
  private let showsSnapshots: Bool
  private let keys: KeyDisplay
  private var text: IPText

  /// - Parameters:
  ///   - showsSnapshots: Shows every entry when announcements were lost, not only how many.
  ///   - tellsTime: Says in text when an announcement was heard.
  init(
    isJSON: Bool, hidesKeys: Bool, showsSnapshots: Bool, tellsTime: Bool, keys: KeyDisplay
  ) throws(Failure) {
    self.isJSON = isJSON
    self.showsSnapshots = showsSnapshots
    self.keys = keys
    var options = IPText.Options()
    options.hidesKeys = hidesKeys
    options.timestamp = tellsTime ? .short : nil
    text = IPText(options)
    if isJSON {
      try Terminal.write(
        ObjectRendering.line(EventRecord(element: nil, timestamp: .now), keys: keys))
    }
  }

  /// Prints one element, right away.
  mutating func print(_ element: XFRMEvents.Element) throws(Failure) {
    if isJSON {
      let record = EventRecord(element: element, timestamp: .now)
      return try Terminal.write(ObjectRendering.line(record, keys: keys))
    }
    switch element {
    case .event(let event): text.append(event)
    case .snapshot(let snapshot, let reason):
      if reason == .overrun {
        Terminal.complain(
          "announcements were lost; now there are \(Text.count(snapshot.associations.count)) SAs "
            + "and \(Text.count(snapshot.policies.count)) policies")
      }
      if reason == .start || showsSnapshots {
        for association in snapshot.associations { text.append(association) }
        for policy in snapshot.policies { text.append(policy) }
      }
    case .unreadable(let problem):
      Terminal.complain("an announcement that makes no sense: \(problem)")
    }
    do throws(SystemErrno) { try text.write(to: STDOUT_FILENO) } catch {
      throw Failure("cannot write the output: \(error)", .failed)
    }
  }
}
