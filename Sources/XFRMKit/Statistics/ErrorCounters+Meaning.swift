extension ErrorCounters {
  /// Completes “packets that were dropped because …”.
  ///
  /// - Parameter counter: By the kernel's name.
  public static func meaning(of counter: String) -> String {
    meanings[counter] ?? "of a reason that this program does not know"
  }

  private static let meanings = [
    "XfrmInError": "something went wrong that no other counter is for",
    "XfrmInBufferError": "there was no memory for them",
    "XfrmInHdrError": "their headers made no sense",
    "XfrmInNoStates": "no SA has their SPI: the peer uses one that this host has forgotten",
    "XfrmInStateProtoError": "the SA's protocol failed: a wrong key, or bytes changed on the way",
    "XfrmInStateModeError": "what was inside did not fit the SA's mode",
    "XfrmInStateSeqError": "they came twice or too late for the replay window",
    "XfrmInStateExpired": "their SA had expired",
    "XfrmInStateMismatch": "their SA does not allow the packet or its UDP wrapping",
    "XfrmInStateInvalid": "their SA was about to be deleted",
    "XfrmInStateDirError": "their SA is for packets that leave",
    "XfrmInTmplMismatch": "they came through other SAs than the policy asks for",
    "XfrmInNoPols": "they were protected, and no policy allows what was inside",
    "XfrmInPolBlock": "a policy blocks them",
    "XfrmInPolError": "the policy could not be applied",
    "XfrmOutError": "something went wrong that no other counter is for",
    "XfrmOutBundleGenError": "their SAs and routes could not be put together",
    "XfrmOutBundleCheckError": "their SAs and routes no longer fitted",
    "XfrmOutNoStates": "a policy wants an SA for them, and there is none",
    "XfrmOutStateProtoError": "the SA's protocol failed",
    "XfrmOutStateModeError": "they did not fit the SA's mode, as packets that are too long",
    "XfrmOutStateSeqError": "the SA's sequence numbers were used up",
    "XfrmOutStateExpired": "their SA had expired",
    "XfrmOutStateInvalid": "their SA was about to be deleted",
    "XfrmOutStateDirError": "their SA is for packets that come in",
    "XfrmOutPolBlock": "a policy blocks them",
    "XfrmOutPolDead": "their policy was about to be deleted",
    "XfrmOutPolError": "the policy could not be applied",
    "XfrmFwdHdrError": "the headers of what they forward made no sense",
    "XfrmAcquireError": "no IKE daemon could be asked for an SA",
    "XfrmInIptfsError": "the IP-TFS inside made no sense",
    "XfrmOutNoQueueSpace": "the queue of IP-TFS was full",
  ]
}
