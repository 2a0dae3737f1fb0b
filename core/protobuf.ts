import protobuf from 'protobufjs';

/** Writes and reads messages of one type. */
export interface Codec<Message> {
  encode(message: Message): Uint8Array;
  /** A plain object; 64-bit integers become numbers, what is absent is left out. */
  decode(bytes: Uint8Array): Message;
}

/** The codecs of definitions in the language of protocol buffers, by a message's name. */
export function codecs(
  definitions: string,
): <Message extends object>(name: string) => Codec<Message> {
  const { root } = protobuf.parse(definitions);
  return <Message extends object>(name: string): Codec<Message> => {
    const type = root.lookupType(name);
    return {
      encode: (message) => type.encode(message).finish(),
      decode: (bytes) => type.toObject(type.decode(bytes), { longs: Number }) as Message,
    };
  };
}
