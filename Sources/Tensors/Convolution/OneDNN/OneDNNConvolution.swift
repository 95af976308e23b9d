internal import COneDNN

/// oneDNN's primitives for one source of a convolution, chosen once per shape.
final class OneDNNConvolution {
    private let shape: ConvolutionShape
    private let index: Int
    private let engine: Engine
    private let geometry: cdnn_geometry
    /// Layouts of one sample of the source and the destination; that of the weights is left to oneDNN.
    let source: Layout
    let destination: Layout
    private let anyWeights: Layout
    private let bias: Layout?
    private let forwardDescription: Handle

    init(
        _ shape: ConvolutionShape, source index: Int, order: Tensor.Order, bias: Bool = false, on engine: Engine
    ) throws(EngineError) {
        self.shape = shape
        self.index = index
        self.engine = engine
        var geometry = cdnn_geometry()
        geometry.transposed = shape.transposed ? 1 : 0
        geometry.strides = (Int64(shape.stride[0]), Int64(shape.stride[1]), Int64(shape.stride[2]))
        geometry.padding = (Int64(shape.padding[0]), Int64(shape.padding[1]), Int64(shape.padding[2]))
        self.geometry = geometry
        let from = shape.sources[index], to = shape.destination
        source = try Layout([1, from.channels] + from.extent, order == .plain ? dnnl_abcde : engine.blocked)
        destination = try Layout([1, to.channels] + to.extent, engine.blocked)
        anyWeights = try Layout(shape.weightSizes(of: index), dnnl_format_tag_any)
        self.bias = bias && index == 0 ? try Layout([shape.outputs], dnnl_a) : nil
        let attributes = try Self.attributes(accumulating: index > 0)
        var wanted = geometry
        let layouts = (source.raw, anyWeights.raw, self.bias?.raw, destination.raw)
        forwardDescription = try Handle("plan a convolution of \(from)", destroy: dnnl_primitive_desc_destroy) {
            cdnn_forward(
                &$0, engine.engine.raw, &wanted, layouts.0, layouts.1, layouts.2, layouts.3, attributes.raw)
        }
    }

    func forward() throws(EngineError) -> (Primitive, weights: Layout, bias: Layout?) {
        let attributes = try Self.attributes(accumulating: index > 0)
        var wanted = geometry
        let bias = self.bias?.raw
        let description = try Handle("plan a convolution", destroy: dnnl_primitive_desc_destroy) {
            cdnn_forward(
                &$0, engine.engine.raw, &wanted, source.raw, anyWeights.raw, bias, destination.raw, attributes.raw)
        }
        let weights = try Layout(of: description, dnnl_query_weights_md)
        return (try Primitive(description, on: engine), weights, self.bias)
    }

    func backwardData() throws(EngineError) -> (Primitive, weights: Layout) {
        let attributes = try Self.attributes(accumulating: false)
        var wanted = geometry
        let description = try Handle("plan a backward convolution", destroy: dnnl_primitive_desc_destroy) {
            cdnn_backward_data(
                &$0, engine.engine.raw, &wanted, source.raw, anyWeights.raw, destination.raw, attributes.raw,
                forwardDescription.raw)
        }
        let weights = try Layout(of: description, dnnl_query_weights_md)
        return (try Primitive(description, on: engine), weights)
    }

    func backwardWeights() throws(EngineError) -> (Primitive, weights: Layout) {
        let attributes = try Self.attributes(accumulating: false)
        var wanted = geometry
        let description = try Handle("plan a weight gradient", destroy: dnnl_primitive_desc_destroy) {
            cdnn_backward_weights(
                &$0, engine.engine.raw, &wanted, source.raw, anyWeights.raw, destination.raw, attributes.raw,
                forwardDescription.raw)
        }
        let weights = try Layout(of: description, dnnl_query_diff_weights_md)
        return (try Primitive(description, on: engine), weights)
    }

    /// A primitive that copies values from one layout into another.
    static func reorder(_ from: Layout, _ to: Layout, on engine: Engine) throws(EngineError) -> Primitive {
        let attributes = try attributes(accumulating: false)
        let description = try Handle("plan a reorder", destroy: dnnl_primitive_desc_destroy) {
            cdnn_reorder(&$0, engine.engine.raw, from.raw, to.raw, attributes.raw)
        }
        return try Primitive(description, on: engine)
    }

    private static func attributes(accumulating: Bool) throws(EngineError) -> Handle {
        try Handle("make attributes", destroy: dnnl_primitive_attr_destroy) {
            cdnn_attributes_create(&$0, accumulating ? 1 : 0)
        }
    }
}
