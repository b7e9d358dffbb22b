//! Settings as 16-bit words: one description of a block yields its bytes, its registers and the manual.

use crate::bytes::{Reader, Writer};

/// One value of a block, for the manual. Values follow each other without a gap.
pub struct Row {
    /// Words of the value, all its elements together.
    pub words: usize,
    /// How many elements; 1 unless it is a list.
    pub elements: usize,
    /// Type of an element.
    pub kind: &'static str,
    /// What an element consists of; empty for a number.
    pub parts: &'static [Self],
    /// Field name.
    pub name: &'static str,
    /// Unit with its scale; empty for a bare number.
    pub unit: &'static str,
    /// What it says.
    pub description: &'static str,
}

/// A value that lies in whole 16-bit words, big-endian.
pub trait Wire: Copy {
    /// Words that it takes.
    const WORDS: usize;
    /// Elements, if it is a list.
    const ELEMENTS: usize = 1;
    /// Type of an element.
    const KIND: &'static str;
    /// What an element consists of.
    const PARTS: &'static [Row] = &[];
}

/// The codec, kept apart so that the cursors need not be public.
pub(crate) trait Code: Wire {
    /// `None` once the writer is full.
    fn write(&self, writer: &mut Writer<'_>) -> Option<()>;
    /// `None` if the reader is too short.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

macro_rules! numbers {
    ($($int:ty, $kind:literal, $words:literal, $code:ident;)+) => {
        $(
            impl Wire for $int {
                const WORDS: usize = $words;
                const KIND: &'static str = $kind;
            }

            impl Code for $int {
                fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
                    writer.$code(*self as _)
                }

                fn read(reader: &mut Reader<'_>) -> Option<Self> {
                    reader.$code().map(|number| number as Self)
                }
            }
        )+
    };
}

numbers! {
    u16, "u16", 1, u16;
    i16, "s16", 1, u16;
    u32, "u32", 2, u32;
}

impl<T: Wire, const N: usize> Wire for [T; N] {
    const WORDS: usize = T::WORDS * N;
    const ELEMENTS: usize = N;
    const KIND: &'static str = T::KIND;
    const PARTS: &'static [Row] = T::PARTS;
}

impl<T: Code, const N: usize> Code for [T; N] {
    fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        self.iter().try_for_each(|element| element.write(writer))
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut elements = [T::read(reader)?; N];
        for element in elements.iter_mut().skip(1) {
            *element = T::read(reader)?;
        }
        Some(elements)
    }
}

/// Describes a struct once: its fields in wire order, each with unit and description.
macro_rules! block {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty, $unit:literal, $description:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            $(#[doc = $description] pub $field: $kind,)+
        }

        impl $crate::settings::wire::Wire for $name {
            const WORDS: usize = 0 $(+ <$kind as $crate::settings::wire::Wire>::WORDS)+;
            const KIND: &'static str = stringify!($name);
            const PARTS: &'static [$crate::settings::wire::Row] = &[$($crate::settings::wire::Row {
                words: <$kind as $crate::settings::wire::Wire>::WORDS,
                elements: <$kind as $crate::settings::wire::Wire>::ELEMENTS,
                kind: <$kind as $crate::settings::wire::Wire>::KIND,
                parts: <$kind as $crate::settings::wire::Wire>::PARTS,
                name: stringify!($field),
                unit: $unit,
                description: $description,
            }),+];
        }

        impl $crate::settings::wire::Code for $name {
            fn write(&self, writer: &mut $crate::bytes::Writer<'_>) -> Option<()> {
                $($crate::settings::wire::Code::write(&self.$field, writer)?;)+
                Some(())
            }

            fn read(reader: &mut $crate::bytes::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::settings::wire::Code::read(reader)?,)+ })
            }
        }
    };
}

pub(crate) use block;
