//! The part of Drive's query language (`q`) that is understood: terms joined by `and`, and `or` within brackets.
//! See <https://developers.google.com/workspace/drive/api/guides/ref-search-terms>.

use super::files::FakeFile;

/// Whether a file is one that a query asks for.
pub(super) fn matches(query: &str, file: &FakeFile) -> Result<bool, String> {
    let mut tokens = tokens(query)?;
    tokens.reverse();
    let found = all_of(&mut tokens, file)?;
    match tokens.pop() {
        None => Ok(found),
        Some(token) => Err(format!("q goes on with {token:?}")),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut letters = query.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '(' | ')' | '=' => tokens.push(Token::Sign(letter)),
            '\'' => {
                let mut text = String::new();
                loop {
                    match letters.next().ok_or("q lacks a quote")? {
                        '\'' => break,
                        '\\' => text.push(letters.next().ok_or("q ends within a quote")?),
                        other => text.push(other),
                    }
                }
                tokens.push(Token::Text(text));
            }
            letter if letter.is_ascii_alphabetic() => {
                let mut word = letter.to_string();
                while let Some(next) = letters.next_if(char::is_ascii_alphanumeric) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            _ => return Err("q holds a sign that is not understood".to_owned()),
        }
    }
    Ok(tokens)
}

fn is_word(token: Option<&Token>, word: &str) -> bool {
    token == Some(&Token::Word(word.to_owned()))
}

fn all_of(tokens: &mut Vec<Token>, file: &FakeFile) -> Result<bool, String> {
    let mut found = any_of(tokens, file)?;
    while is_word(tokens.last(), "and") {
        tokens.pop();
        found &= any_of(tokens, file)?;
    }
    Ok(found)
}

fn any_of(tokens: &mut Vec<Token>, file: &FakeFile) -> Result<bool, String> {
    let mut found = term(tokens, file)?;
    while is_word(tokens.last(), "or") {
        tokens.pop();
        found |= term(tokens, file)?;
    }
    Ok(found)
}

fn term(tokens: &mut Vec<Token>, file: &FakeFile) -> Result<bool, String> {
    let first = tokens.pop().ok_or("q ends early")?;
    if first == Token::Sign('(') {
        let found = all_of(tokens, file)?;
        return match tokens.pop() {
            Some(Token::Sign(')')) => Ok(found),
            _ => Err("q lacks a bracket".to_owned()),
        };
    }
    let (operator, last) = (tokens.pop(), tokens.pop());
    let operator = match operator {
        Some(Token::Sign('=')) => "=".to_owned(),
        Some(Token::Word(word)) => word,
        other => return Err(format!("q has {other:?} for an operator")),
    };
    match (first, operator.as_str(), last) {
        (Token::Word(name), "=", Some(Token::Word(value))) => {
            let value = value.parse::<bool>().map_err(|_| "q compares with a word")?;
            match name.as_str() {
                "trashed" => Ok(file.trashed == value),
                "sharedWithMe" => Ok(file.shared == value),
                _ => Err(format!("q has no {name}")),
            }
        }
        (Token::Word(name), "=", Some(Token::Text(value))) if name == "mimeType" => Ok(file.mime == value),
        // Drive's `contains` of a name finds the beginnings of words.
        (Token::Word(name), "contains", Some(Token::Text(value))) if name == "name" => {
            let (name, value) = (file.name.to_lowercase(), value.to_lowercase());
            Ok(name.split([' ', '_', '-', '.']).any(|word| word.starts_with(&value))
                || name.starts_with(&value))
        }
        (Token::Text(value), "in", Some(Token::Word(name))) if name == "parents" => Ok(file.parent == value),
        (first, ..) => Err(format!("q has a term that is not understood, at {first:?}")),
    }
}
