/// A request whose connection is suspended until its gates have admitted or refused it.
struct ArrivedRequest: Sendable {
    let arrival: RequestArrival
    let state: RequestState
    let dispatcher: RequestDispatcher
    /// Resumes the connection.
    let wake: @Sendable () -> Void

    /// Asks the gates; a request without a body is answered immediately.
    func admit() async {
        let decision = await RequestAdmission(arrival, dispatcher.responder, memory: dispatcher.memory)
        if decision.isRefusedEarly {
            state.refuseEarly()
        } else if arrival.hasBody {
            state.enter(.admitted(decision.admission, decision.body))
            wake()
            return
        } else {
            state.enter(.answering)
        }
        await PendingRequest(
            admission: decision.admission, body: decision.body, state: state, dispatcher: dispatcher, wake: wake
        ).answer()
    }
}
