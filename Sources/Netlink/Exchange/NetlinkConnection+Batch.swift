extension NetlinkConnection {
  /// Sends many requests, many to a datagram, and reports what became of each, in order.
  ///
  /// The kernel runs the requests of a datagram one after another without another netlink request
  /// in between, but it is no transaction: what was accepted before a refusal stays.
  ///
  /// - Parameter report: Called once for every request with its number in `requests`, as soon as
  ///   its datagram has been answered.
  /// - Throws: What made it impossible to go on. `report` has been told by then which requests
  ///   were answered, which are ``RequestOutcome/unknown`` and which were not sent.
  public mutating func perform<Requests: Collection>(
    _ requests: Requests, options: BatchOptions = BatchOptions(),
    report: (Int, RequestOutcome) -> Void
  ) throws(NetlinkError) where Requests.Element: NetlinkRequest {
    defer {
      request.removeAll()
      datagram.removeAll()
    }
    var unsent = requests[...]
    var reported = 0
    var failure: NetlinkError?
    do throws(NetlinkError) { try settle() } catch { failure = error }
    while failure == nil, !unsent.isEmpty {
      let outcomes: [RequestOutcome]
      switch fillDatagram(from: &unsent, options: options) {
      case .unencodable(let problem): outcomes = [.unencodable(problem)]
      case .ready(var batch):
        do throws(NetlinkError) {
          try socket.send(request.bytes)
          failure = receiveAnswers(into: &batch)
          outcomes = batch.finalOutcomes(
            isWhole: failure == nil, acknowledgement: options.acknowledgement)
        } catch {
          failure = error
          outcomes = batch.outcomes.map { _ in .notSent }
        }
      }
      for (number, outcome) in outcomes.enumerated() {
        if case .refused(var refusal) = outcome {
          refusal.locate(in: request.bytes, request: number)
          report(reported, .refused(refusal))
        } else {
          report(reported, outcome)
        }
        reported += 1
      }
      if options.onRefusal == .stop, outcomes.contains(where: { $0 != .accepted }) { break }
    }
    for _ in unsent {
      report(reported, .notSent)
      reported += 1
    }
    if let failure { throw failure }
  }

  private enum Filling {
    case ready(BatchReply)
    /// The next request is one that cannot be sent, and has been removed.
    case unencodable(UnencodableMessage)
  }

  /// Lays out as many of `requests` as one datagram takes, and removes them.
  private mutating func fillDatagram<Requests: Collection>(
    from requests: inout Requests, options: BatchOptions
  ) -> Filling where Requests.Element: NetlinkRequest, Requests.SubSequence == Requests {
    let limit =
      options.onRefusal == .stop
      ? 1 : max(1, min(options.messagesPerDatagram, acknowledgementLimit))
    var batch = BatchReply(firstSequence: sequence &+ 1, port: socket.port)
    request.removeAll()
    while batch.outcomes.count < limit,
      batch.outcomes.isEmpty || request.count < options.bytesPerDatagram,
      let next = requests.first
    {
      request.append(
        next, flags: options.acknowledgement == .everyMessage ? .acknowledge : [],
        sequence: sequence &+ 1)
      if let problem = request.failure {
        request.removeLastMessage()
        guard batch.outcomes.isEmpty else { break }
        requests.removeFirst()
        return .unencodable(problem)
      }
      requests.removeFirst()
      sequence &+= 1
      batch.expectMessage()
    }
    request.acknowledgeLastMessage()
    return .ready(batch)
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
