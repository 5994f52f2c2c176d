/// What became of one of many requests.
public indirect enum RequestOutcome: Hashable, Sendable {
  /// The kernel has done what was asked.
  case accepted
  /// The kernel said why not. The requests after it were run all the same, unless they are
  /// ``notSent``.
  case refused(KernelRefusal)
  /// It was sent, but the kernel's answer got lost: ask for the object to learn more.
  case unknown
  /// Something before it made it impossible to go on, or was to stop the rest:
  /// ``BatchOptions/OnRefusal-swift.enum/stop``.
  case notSent
  /// It cannot be expressed, so it was not sent.
  case unencodable(UnencodableMessage)
}

/// How many requests are sent at once.
public struct BatchOptions: Hashable, Sendable {
  /// Which requests the kernel acknowledges. It always reports what it refuses.
  public enum Acknowledgement: Hashable, Sendable {
    /// Every one of them.
    case everyMessage
    /// The last of each datagram; no word about one before it means success. Faster.
    case lastOfDatagram
  }

  /// What becomes of the requests after one that the kernel refuses.
  public enum OnRefusal: Hashable, Sendable {
    /// They are sent.
    case goOn
    /// Sends one request at a time, as the kernel runs whatever a datagram holds.
    case stop
  }

  /// Which requests the kernel acknowledges; the last of each datagram unless set.
  public var acknowledgement = Acknowledgement.lastOfDatagram
  /// What becomes of the rest after a refusal; it goes on unless set.
  public var onRefusal = OnRefusal.goOn
  /// Never more than the receive buffer has room for acknowledgements.
  public var messagesPerDatagram = 1024
  /// A datagram is full once it has this many bytes. More than 64–200 KB brings no speed.
  public var bytesPerDatagram = 128 * 1024

  /// The fastest: 1,024 requests or 128 KiB to a datagram, one acknowledgement for each, no stop.
  public init() {}
}

/// What has arrived so far in answer to the requests of one datagram.
struct BatchReply {
  let firstSequence: UInt32
  let port: UInt32
  private(set) var outcomes: [RequestOutcome?] = []
  private(set) var isComplete = false
  private(set) var problem: MalformedMessage?

  init(firstSequence: UInt32, port: UInt32) {
    self.firstSequence = firstSequence
    self.port = port
  }

  /// How many requests the datagram holds.
  var count: Int { outcomes.count }

  /// Makes room for the next request's outcome.
  mutating func expectMessage() { outcomes.append(nil) }

  /// Takes in a datagram of acknowledgements; `false` if none was for these requests.
  @discardableResult
  mutating func add(_ datagram: Span<UInt8>) -> Bool {
    var isOurs = false
    do throws(MalformedMessage) {
      var messages = MessageReader(datagram)
      while let message = try messages.next() {
        let number = Int(message.header.sequence &- firstSequence)
        guard message.header.port == port, message.header.type == .error,
          outcomes.indices.contains(number)
        else { continue }
        isOurs = true
        if number == outcomes.count - 1 { isComplete = true }
        do throws(MalformedMessage) {
          let refusal = try KernelRefusal(message)
          // The first word stands: a request that is refused is not accepted later.
          if outcomes[number] == nil {
            outcomes[number] = refusal.map { .refused($0) } ?? .accepted
          }
        } catch {
          note(error)
        }
      }
    } catch {
      note(error)
    }
    return isOurs
  }

  private mutating func note(_ error: MalformedMessage) {
    if problem == nil { problem = error }
  }

  /// The outcomes once nothing more will come.
  ///
  /// - Parameter isWhole: Every answer has been read, so a request without one was accepted,
  ///   unless each was to be acknowledged.
  func finalOutcomes(
    isWhole: Bool, acknowledgement: BatchOptions.Acknowledgement
  ) -> [RequestOutcome] {
    let silence: RequestOutcome =
      isWhole && acknowledgement == .lastOfDatagram ? .accepted : .unknown
    return outcomes.map { $0 ?? silence }
  }
}
