extension NetlinkConnection {
  /// Sends many requests, many to a datagram, and reports what became of each, in order.
  ///
  /// The kernel runs the requests of a datagram one after another without another netlink request
  /// in between, but it is no transaction: what was accepted before a refusal stays.
  ///
  /// - Parameters:
  ///   - requests: What to ask, in order. They are laid out as they are sent.
  ///   - options: How many to a datagram, and what becomes of the rest after a refusal.
  ///   - report: Called once for every request with its number in `requests`, as soon as its
  ///     datagram has been answered.
  /// - Throws: What made it impossible to go on. `report` has been told by then which requests
  ///   were answered, which are ``RequestOutcome/unknown`` and which were not sent.
  @inlinable
  public mutating func perform<Requests: Sequence>(
    _ requests: Requests, options: BatchOptions = BatchOptions(),
    report: (Int, RequestOutcome) -> Void
  ) throws(NetlinkError) where Requests.Element: NetlinkRequest {
    var unsent = requests.makeIterator()
    try perform(options: options, report: report) { message, flags, sequence in
      guard let request = unsent.next() else { return false }
      message.append(request, flags: flags, sequence: sequence)
      return true
    }
  }

  /// Lays out the next request with the flags and number given; `false` if there is none.
  public typealias NextRequest = (inout MessageBuilder, MessageFlags, UInt32) -> Bool

  /// The same for requests that `layOutNext` lays out one after another.
  public mutating func perform(
    options: BatchOptions = BatchOptions(), report: (Int, RequestOutcome) -> Void,
    layOutNext: NextRequest
  ) throws(NetlinkError) {
    defer {
      request.removeAll()
      datagram.removeAll()
    }
    var reported = 0
    var failure: NetlinkError?
    do throws(NetlinkError) { try settle() } catch { failure = error }
    var isStopped = false
    while failure == nil, !isStopped {
      var batch = BatchReply(firstSequence: sequence &+ 1, port: socket.port)
      let ending = fillDatagram(for: &batch, options: options, layOutNext)
      var outcomes: [RequestOutcome] = []
      if batch.count > 0 {
        do throws(NetlinkError) {
          try socket.send(request.bytes)
          failure = receiveAnswers(into: &batch)
          outcomes = batch.finalOutcomes(
            isWhole: failure == nil, acknowledgement: options.acknowledgement)
        } catch {
          failure = error
          outcomes = Array(repeating: .notSent, count: batch.count)
        }
      }
      if case .unencodable(let problem) = ending { outcomes.append(.unencodable(problem)) }
      for number in outcomes.indices {
        if case .refused(var refusal) = outcomes[number] {
          refusal.locate(in: request.bytes, request: number)
          report(reported, .refused(refusal))
        } else {
          report(reported, outcomes[number])
        }
        reported += 1
      }
      if case .lastRequest = ending { return try throwIfAny(failure) }
      isStopped = options.onRefusal == .stop && outcomes.contains { $0 != .accepted }
    }
    request.removeAll()
    while layOutNext(&request, [], 0) {
      request.removeAll()
      report(reported, .notSent)
      reported += 1
    }
    try throwIfAny(failure)
  }

  private enum Ending {
    case fullDatagram
    case lastRequest
    /// The request after the last is one that cannot be sent, and was left out.
    case unencodable(UnencodableMessage)
  }

  /// Lays out as many requests as one datagram takes.
  private mutating func fillDatagram(
    for batch: inout BatchReply, options: BatchOptions, _ layOutNext: NextRequest
  ) -> Ending {
    let limit =
      options.onRefusal == .stop
      ? 1 : max(1, min(options.messagesPerDatagram, acknowledgementLimit))
    let flags: MessageFlags = options.acknowledgement == .everyMessage ? .acknowledge : []
    request.removeAll()
    defer { if batch.count > 0 { request.acknowledgeLastMessage() } }
    repeat {
      guard layOutNext(&request, flags, sequence &+ 1) else { return .lastRequest }
      if let problem = request.failure {
        request.removeLastMessage()
        return .unencodable(problem)
      }
      sequence &+= 1
      batch.expectMessage()
    } while batch.count < limit && request.count < options.bytesPerDatagram
    return .fullDatagram
  }

  private func throwIfAny(_ failure: NetlinkError?) throws(NetlinkError) {
    if let failure { throw failure }
  }

  /// Reads until the last request is answered; returns what went wrong on the way.
  private mutating func receiveAnswers(into batch: inout BatchReply) -> NetlinkError? {
    defer { isUnsettled = !batch.isComplete }
    var failure: NetlinkError?
    var patience = self.patience
    while !batch.isComplete {
      do throws(NetlinkError) {
        if failure == nil {
          try receive(&patience)
        } else if try !socket.receive(into: &datagram) {
          // After an overrun only what is still queued can come: the kernel has long answered.
          return failure
        }
        if batch.add(datagram.span) {
          patience.renew()
        } else if patience.remaining() == 0 {
          throw .timedOut
        }
      } catch .overrun where patience.remaining() > 0 {
        failure = .overrun
      } catch {
        return failure ?? batch.problem.map { .malformed($0) } ?? error
      }
    }
    return failure ?? batch.problem.map { .malformed($0) }
  }
}
