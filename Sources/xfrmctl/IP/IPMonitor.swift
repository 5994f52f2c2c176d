import IPRoute2
import XFRMKit

/// `ip xfrm monitor`
enum IPMonitor {
  /// Prints announcements until the process ends, or those of a file.
  static func run(_ command: MonitorCommand, _ options: IPOptions) throws(IPFailure) {
    var text = IPText(IPText.Options(command, options))
    if let file = command.file {
      try replay(file, &text)
    } else {
      try listen(command, options, &text)
    }
  }

  private static func replay(_ file: String, _ text: inout IPText) throws(IPFailure) {
    var problem: IPFailure?
    do throws(MessageLogError) {
      var log = try MessageLogReader(path: file)
      while problem == nil, let event = try log.next() {
        text.append(event)
        guard text.isPageful else { continue }
        do throws(IPFailure) { try text.show() } catch { problem = error }
      }
    } catch {
      try text.show()
      let what = if case .system = error { "Cannot open" } else { "Cannot read" }
      throw IPFailure("\(what) \(file): \(error)", status: 255)
    }
    if let problem { throw problem }
    try text.show()
  }

  private static func listen(
    _ command: MonitorCommand, _ options: IPOptions, _ text: inout IPText
  ) throws(IPFailure) {
    let bytes = options.receiveBuffer.map { Int32(clamping: $0) } ?? 1 << 20
    var problem: IPFailure?
    do throws(XFRMError) {
      var monitor = try XFRMMonitor(
        of: command.groups, bufferBytes: bytes, hearsAllNamespaces: command.hearsAllNamespaces)
      while problem == nil {
        let namespace = monitor.namespaceID
        do throws(XFRMError) {
          _ = try monitor.next { event, _ in text.append(event, namespace: namespace) }
        } catch {
          guard error.failure == .overrun else { throw error }
          Terminal.warn("netlink receive error No buffer space available (105)")
        }
        do throws(IPFailure) { try text.show() } catch { problem = error }
      }
    } catch {
      throw IPFailure(error)
    }
    if let problem { throw problem }
  }
}

extension IPText.Options {
  init(_ command: MonitorCommand, _ options: IPOptions) {
    self.init(options, hidesKeys: command.hidesKeys)
    tellsNamespace = command.hearsAllNamespaces
  }
}
